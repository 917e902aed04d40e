import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Figure, type FigureOptions } from './figure.ts'
import { alive, treeOf } from './processes.ts'
import { type Json, Program } from './program.ts'

const longestMs = 10_000

/**
 * Whatever looks like ours but is not is left alone, by the watchdog at the death of the app and by the reaper at its next
 * start: another start time under a known pid, the same command line, another home's marker, our marker's text in
 * another variable. The strangers tell of every signal that reaches them.
 */
export async function reapSafety({ short }: FigureOptions): Promise<Figure> {
  const figure = new Figure('reap-safety')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    const args = [resolve('test-servers/tells-signals.mjs')]
    const serverArgs = [resolve('test-servers/ignores-stdin-eof.mjs')]
    const mcpServers = { deaf: { command: process.execPath, args: serverArgs } }
    await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
    for (let trial = 1; trial <= (short ? 2 : 50); trial++) {
      await figure.check(`trial ${trial} touches no stranger`, () => oneTrial(home, args, serverArgs))
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  return figure
}

async function oneTrial(home: string, strangerArgs: string[], serverArgs: string[]): Promise<void> {
  const program = await Program.start(home)
  const { body } = await program.request('POST', '/servers/deaf/start?wait_s=60')
  assert.equal(body.state, 'ready', body.reason)
  const marker = await markerOf(body.pid)
  const [installId, runId] = marker.split(':')

  const strangers = await Promise.all([
    stranger(strangerArgs),
    stranger(serverArgs),
    stranger(strangerArgs, { SIGNALBOX_RUN: `${randomUUID()}:${runId}` }),
    stranger(strangerArgs, { SIGNALBOX_RUN_BEFORE: marker, NOTE: `SIGNALBOX_RUN=${marker}` }),
    stranger(strangerArgs, { SIGNALBOX_RUN: `x${installId}:${runId}` }),
  ])
  try {
    const tree = treeOf(body.pid)
    await program.kill()
    await gone(tree)
    untouched(strangers, 'by the watchdog')

    await claimStrangers(home, strangers)
    await using again = await Program.start(home)
    untouched(strangers, 'by the reaper')
    await again.end()
    untouched(strangers, 'by the end')
  } finally {
    for (const { child } of strangers) child.kill('SIGKILL')
    await Promise.all(strangers.map(({ exited }) => exited))
  }
}

interface Stranger {
  readonly child: ChildProcess
  readonly exited: Promise<unknown>
  readonly heard: string[]
}

async function stranger(args: string[], env: Record<string, string> = {}): Promise<Stranger> {
  const { SIGNALBOX_RUN: _, ...clean } = process.env
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...clean, ...env },
  })
  const heard: string[] = []
  const exited = once(child, 'exit')
  child.stdin.on('error', () => {})
  await once(child, 'spawn')
  child.stdout.on('data', (chunk: Buffer) => heard.push(String(chunk)))
  return { child, exited, heard }
}

function untouched(strangers: readonly Stranger[], by: string): void {
  const pids = strangers.map(({ child }) => child.pid!)
  assert.deepEqual(alive(pids), pids, `ended ${by}`)
  assert.deepEqual(
    strangers.flatMap(({ heard }) => heard),
    [],
    `signalled ${by}`,
  )
}

/** Makes the registry of the dead app name the strangers' pids, as it would once the system used them again. */
async function claimStrangers(home: string, strangers: readonly Stranger[]): Promise<void> {
  const path = join(home, 'processes.json')
  const registry: Json = JSON.parse(await readFile(path, 'utf8'))
  registry.processes = strangers.map(({ child }) => ({
    run_id: randomUUID(),
    server: 'deaf',
    pid: child.pid,
    started_at: '1',
  }))
  await writeFile(path, JSON.stringify(registry))
}

async function markerOf(pid: number): Promise<string> {
  const variables = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')
  return variables.find((text) => text.startsWith('SIGNALBOX_RUN='))!.slice('SIGNALBOX_RUN='.length)
}

async function gone(pids: readonly number[]): Promise<void> {
  const end = performance.now() + longestMs
  while (alive(pids).length > 0) {
    if (performance.now() > end) assert.fail('the watchdog ended nothing')
    await delay(100)
  }
}
