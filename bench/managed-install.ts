import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { baseEnvironment } from '../engine/servers/environment.ts'
import { installPackage } from '../engine/servers/managed-install.ts'
import { usageOfTrees } from '../engine/servers/process-usage.ts'
import { atLeast, atMost, median, type Row } from './bench.ts'

const version = '2026.8.31'
const names = ['everything', 'filesystem', 'memory', 'sequential-thinking'] as const
const repetitions = 3
const { platform } = process

interface Measured {
  startMs: number
  memoryBytes: number
}

type Way = 'npx' | 'managed' | 'cached'

/** From spawn to the answer to `initialize`, and the memory of the tree then: npx with a warm cache against managed installs. */
export async function bench(): Promise<Row[]> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
  try {
    const host = { home, node: process.execPath, platform, userHome: homedir() }
    const baseEnv = { ...baseEnvironment(process.env, platform), npm_config_cache: join(home, 'npm-cache') }
    const measured: Record<Way, Measured[]> = { npx: [], managed: [], cached: [] }
    for (const name of names) {
      const args = name === 'filesystem' ? [home] : []
      const wanted = { name: `@modelcontextprotocol/server-${name}`, version, args }
      const npx = ['npx', '-y', `${wanted.name}@${version}`, ...args]
      await measure(npx, baseEnv)
      const install = await installPackage(wanted, { host, baseEnv })
      const node = [process.execPath, install.program, ...args]
      const cached = { ...baseEnv, NODE_COMPILE_CACHE: install.compileCache }
      const rounds: Record<Way, Measured[]> = { npx: [], managed: [], cached: [] }
      for (let round = 0; round < repetitions; round++) {
        rounds.npx.push(await measure(npx, baseEnv))
        rounds.managed.push(await measure(node, baseEnv))
        rounds.cached.push(await measure(node, cached))
      }
      for (const way of Object.keys(rounds) as Way[]) measured[way].push(medianOf(rounds[way]))
    }
    const total = (way: Way, what: keyof Measured): number => measured[way].reduce((sum, one) => sum + one[what], 0)
    const faster = (way: Way): number => total('npx', 'startMs') / total(way, 'startMs')
    return [
      atLeast('start of four servers, times faster than npx', faster('managed'), 2.5),
      atLeast('start with a filled compile cache, times faster than npx', faster('cached'), 3),
      atMost('memory, share of npx', total('cached', 'memoryBytes') / total('npx', 'memoryBytes'), 0.5),
    ]
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function measure([command, ...args]: string[], env: Record<string, string>): Promise<Measured> {
  const startedAt = performance.now()
  const child = spawn(command!, args, { env, detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
  const clientInfo = { name: 'bench', version: '0' }
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`)
  await once(createInterface({ input: child.stdout }), 'line')
  const startMs = performance.now() - startedAt
  const tree = (await usageOfTrees([child.pid!], platform)).get(child.pid!) ?? []
  await end(child)
  return { startMs, memoryBytes: tree.reduce((sum, one) => sum + one.memoryBytes, 0) }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  process.kill(-child.pid!, 'SIGKILL')
  await exited
}

function medianOf(all: readonly Measured[]): Measured {
  return { startMs: median(all.map((one) => one.startMs)), memoryBytes: median(all.map((one) => one.memoryBytes)) }
}
