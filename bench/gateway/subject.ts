import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

export interface Endpoint {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Speaks the older HTTP+SSE transport only. */
  readonly isSse: boolean
}

/** Something to measure, while it runs. Disposing ends its process. */
export interface Running extends AsyncDisposable {
  /** Of the process whose cost counts; servers behind it are processes of their own. */
  readonly pid: number
  readonly endpoint: Endpoint
}

export interface Subject {
  readonly name: string
  readonly start: (servers: number) => Promise<Running>
}

/** How long a peer may take to answer for the first time. */
const patienceMs = 60_000

/** A program of ours that prints `listening URL`. */
export async function startListening(script: string, args: readonly string[] = []): Promise<Running> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown]
  const url = typeof line === 'string' ? line.replace('listening ', '') : null
  if (url === null) throw new Error(`${script} ended before it listened`)
  return running(child, { url, headers: {}, isSse: false })
}

interface PeerLaunch {
  /** Its script. */
  readonly program: string
  readonly args: (port: number) => readonly string[]
  readonly isSse?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** Whether it serves its tools by now. */
  readonly isReady: (endpoint: Endpoint) => Promise<boolean>
}

/** A peer, which is told its port and is waited for by asking. */
export async function startPeer({ program, args, isSse = false, env = {}, isReady }: PeerLaunch): Promise<Running> {
  const port = await freePort()
  const child = spawn(process.execPath, [program, ...args(port)], { stdio: 'ignore', env: { ...process.env, ...env } })
  const endpoint = { url: `http://127.0.0.1:${port}/mcp`, headers: {}, isSse }
  const deadline = Date.now() + patienceMs
  while (child.exitCode === null && Date.now() < deadline) {
    // It may not even listen yet.
    if (await isReady(endpoint).catch(() => false)) return running(child, endpoint)
    await delay(100)
  }
  child.kill('SIGKILL')
  throw new Error(`${program} did not answer (exit code ${child.exitCode})`)
}

function running(child: ReturnType<typeof spawn>, endpoint: Endpoint): Running {
  return {
    pid: child.pid!,
    endpoint,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      // Servers behind it end with their stdin.
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
