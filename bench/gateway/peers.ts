import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { echoServer } from './echo-server.ts'
import { RawClient } from './raw-client.ts'
import { type Endpoint, type Running, type Subject, startPeer } from './subject.ts'

const folder = resolve('bench/peers')
const program = (path: string): string => join(folder, 'node_modules', path)

/** Installs the other gateways from their own lock file where they are missing. */
export function installPeers(): void {
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return
  console.log('Installing the peers into bench/peers from its lock file.')
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' })
}

export const mcpProxy: Subject = {
  name: 'mcp-proxy',
  start: () =>
    startPeer({
      program: program('mcp-proxy/dist/bin/mcp-proxy.mjs'),
      args: (port) => [
        ...['--port', String(port), '--host', '127.0.0.1', '--server', 'stream', '--', process.execPath, echoServer],
      ],
      isReady: opensSession,
    }),
}

export const supergateway: Subject = {
  name: 'supergateway, stateful',
  start: () =>
    startPeer({
      program: program('supergateway/dist/index.js'),
      args: (port) => [
        ...['--stdio', `"${process.execPath}" "${echoServer}"`, '--port', String(port), '--logLevel', 'none'],
        ...['--outputTransport', 'streamableHttp', '--stateful'],
      ],
      isReady: opensSession,
    }),
}

export const mcpHub: Subject = {
  name: 'mcp-hub, HTTP+SSE',
  async start(servers): Promise<Running> {
    await using stack = new AsyncDisposableStack()
    const home = await mkdtemp(join(tmpdir(), 'signalbox-bench-'))
    stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
    const config = join(home, 'servers.json')
    const entry = { command: process.execPath, args: [echoServer] }
    const entries = Array.from({ length: servers }, (_, index) => [`echo-${index}`, entry])
    await writeFile(config, JSON.stringify({ mcpServers: Object.fromEntries(entries) }))
    const hub = await startPeer({
      program: program('mcp-hub/dist/cli.js'),
      args: (port) => ['--port', String(port), '--config', config],
      isSse: true,
      // It keeps a catalogue and a log there.
      env: { HOME: home },
      isReady: async ({ url }) => (await (await fetch(new URL('/api/health', url))).json()).state === 'ready',
    })
    stack.use(hub)
    const owned = stack.move()
    return { ...hub, [Symbol.asyncDispose]: () => owned.disposeAsync() }
  },
}

async function opensSession(endpoint: Endpoint): Promise<boolean> {
  using _client = await RawClient.open(endpoint)
  return true
}
