import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { listAll, openRemoteLink } from './open-link.ts'

const script = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
)
const limits = { timeoutMs: 20_000, maxTotalMs: 20_000 }

/** server-everything over HTTP, once it says that it listens. It cannot be asked for any port, so it is told a free one. */
async function serveEverything(mode: 'streamableHttp' | 'sse') {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const env = { ...process.env, PORT: String(port) }
  const child: ChildProcess = spawn(process.execPath, [script, mode], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  for await (const line of createInterface({ input: child.stderr! })) if (line.includes(`port ${port}`)) break
  child.stderr!.resume()
  return {
    url: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

test.each([
  { mode: 'streamableHttp', path: '/mcp', transport: 'http' },
  { mode: 'sse', path: '/sse', transport: 'sse' },
] as const)('server-everything over $mode is found by its address alone, lists and runs a long call', async (peer) => {
  await using server = await serveEverything(peer.mode)
  const options = {
    client: { name: 'signalbox', version: '0.1.0' },
    era: 'auto' as const,
    startTimeoutMs: 20_000,
    maxMessageBytes: 10_000_000,
  }
  const remote = { url: server.url + peer.path, headers: {}, kind: 'http' as const }
  await using link = await openRemoteLink(remote, options)
  const listing = await listAll(link, limits)
  const counts = { tools: listing.tools.length, prompts: listing.prompts.length, warnings: listing.warnings.length }
  expect({ transport: link.transport, ...counts }).toEqual({
    transport: peer.transport,
    tools: 13,
    prompts: 4,
    warnings: 0,
  })
  const steps: number[] = []
  const params = { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 4 } }
  const onProgress = ({ progress }: { progress: number }) => steps.push(progress)
  const answer = await link.request('tools/call', params, { ...limits, onProgress })
  expect({ kind: answer.kind, steps }).toEqual({ kind: 'result', steps: [1, 2, 3, 4] })
})
