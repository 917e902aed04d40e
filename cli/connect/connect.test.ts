import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, it } from 'vitest'
import { TestChild } from '../../engine/links/test-child.ts'
import { cliModule } from '../test-run.ts'
import { endProcess, startServe, temporaryHome } from '../test-serve.ts'

const everything = resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const echo = resolve('test-servers/echo.mjs')
const info = { name: 'test', version: '1' }

const words = (home: string, ...more: string[]) => [cliModule, 'connect', '--home', home, '--port', '0', ...more]

async function addServer(home: string, args: string[]): Promise<void> {
  const mcpServers = { demo: { command: process.execPath, args } }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
}

/** One request to the REST API with the owner token. */
async function rest(home: string, method: string, path: string) {
  const { url } = JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'))
  const token = await readFile(join(home, 'token'), 'utf8')
  const response = await fetch(`${url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } })
  return (await response.json()) as { state: string; items: Record<string, unknown>[] }
}

async function startDemo(home: string): Promise<void> {
  expect((await rest(home, 'POST', '/servers/demo/start?wait_s=60')).state).toBe('ready')
}

/** A legacy client on the bridge, and all that the bridge says on stderr. */
async function legacyClient(home: string, ...more: string[]) {
  const transport = new StdioClientTransport({ command: process.execPath, args: words(home, ...more), stderr: 'pipe' })
  let said = ''
  transport.stderr?.on('data', (chunk: Buffer) => (said += chunk))
  const client = new Client(info)
  return { client, transport, said: () => said, [Symbol.asyncDispose]: () => client.close() }
}

async function modernClient(home: string) {
  const client = new ModernClient(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
  await client.connect(new ModernTransport({ command: process.execPath, args: words(home), stderr: 'ignore' }))
  expect(client.getProtocolEra()).toBe('modern')
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() })
}

it('serves a legacy client, whose calls are on record under its name', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await addServer(home, [everything])
  await using _serving = await startServe(home)
  await startDemo(home)
  await using bridge = await legacyClient(home, '--client', 'cursor')
  await bridge.client.connect(bridge.transport)
  expect((await bridge.client.listTools()).tools.map(({ name }) => name)).toContain('demo_echo')
  const { content } = await bridge.client.callTool({ name: 'demo_echo', arguments: { message: 'hello' } })
  expect(content).toEqual([{ type: 'text', text: 'Echo: hello' }])
  const { items } = await rest(home, 'GET', '/tasks')
  expect(items.map(({ action, origin }) => [action, origin])).toEqual([['echo', 'client:cursor']])
})

it('serves a modern client', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await addServer(home, [echo])
  await using _serving = await startServe(home)
  await startDemo(home)
  await using client = await modernClient(home)
  const { content } = await client.callTool({ name: 'demo_echo', arguments: { text: 'hello' } })
  expect(content).toEqual([{ type: 'text', text: 'hello' }])
})

it('hands on progress before its result, each as it was written', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await addServer(home, [echo])
  await using _serving = await startServe(home)
  await startDemo(home)
  const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"progressToken":"7.0"}`
  const call = `{"jsonrpc":"2.0","id":1.50,"method":"tools/call","params":{"name":"demo_slow","arguments":{"steps":3,"step_ms":10},${meta}}}`
  const child = spawn(process.execPath, words(home), { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.end(`${call}\n`)
  const lines = (await text(child.stdout)).trim().split('\n')
  const progress = lines.slice(0, -1).map((line) => JSON.parse(line).params)
  expect(progress.map((params) => [params.progressToken, params.progress])).toEqual([1, 2, 3].map((n) => ['7.0', n]))
  expect(lines.at(-1)).toContain('"id":1.50')
})

it('finds out which headers a tool wants, for a client that never asked for the tools here', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await using remote = TestChild.own('modern-http.mjs')
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { demo: { url: await remote.url() } } }))
  await using _serving = await startServe(home)
  await startDemo(home)
  const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`
  const params = `{"name":"demo_region","arguments":{"place":"north"},${meta}}`
  const child = spawn(process.execPath, words(home), { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.end(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}\n`)
  expect(await text(child.stdout)).toContain('"resultType":"complete"')
})

it('cancels a call, in both eras', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await addServer(home, [echo])
  await using _serving = await startServe(home)
  await startDemo(home)
  await using legacy = await legacyClient(home)
  await legacy.client.connect(legacy.transport)
  await using modern = await modernClient(home)
  const call = { name: 'demo_slow', arguments: { steps: 600, step_ms: 100 } }
  const statuses = async () => (await rest(home, 'GET', '/tasks')).items.map(({ status }) => status)
  for (const start of [
    (signal: AbortSignal) => legacy.client.callTool(call, undefined, { signal }),
    (signal: AbortSignal) => modern.callTool(call, { signal }),
  ]) {
    const control = new AbortController()
    const refused = expect(start(control.signal)).rejects.toThrow()
    await expect.poll(statuses, { timeout: 30_000 }).toContain('running')
    control.abort()
    await refused
    await expect.poll(statuses, { timeout: 30_000 }).not.toContain('running')
  }
  expect(await statuses()).toEqual(['cancelled', 'cancelled'])
})

it('hands on what a legacy client is told unasked', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await addServer(home, [echo])
  await using _serving = await startServe(home)
  await using bridge = await legacyClient(home)
  const { promise: changed, resolve } = Promise.withResolvers<void>()
  bridge.client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve())
  await bridge.client.connect(bridge.transport)
  expect((await bridge.client.listTools()).tools).toEqual([])
  await startDemo(home)
  await changed
  expect((await bridge.client.listTools()).tools.map(({ name }) => name)).toContain('demo_echo')
})

it('starts the program where none runs, and leaves it running', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await using bridge = await legacyClient(home)
  await bridge.client.connect(bridge.transport)
  expect(await bridge.client.ping()).toEqual({})
  await bridge.client.close()
  const { pid } = JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'))
  expect((await rest(home, 'GET', '/servers')).items).toEqual([])
  process.kill(pid, 'SIGTERM')
  // Its folder can go once it has; nothing else tells us, for it is no child of ours.
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false)
})

it('goes on in a new session when the program was killed and is back', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await addServer(home, [echo])
  const first = await startServe(home)
  await startDemo(home)
  await using bridge = await legacyClient(home)
  await bridge.client.connect(bridge.transport)
  const call = { name: 'demo_echo', arguments: { text: 'still here' } }
  await bridge.client.callTool(call)
  const cut = bridge.client.callTool({ name: 'demo_slow', arguments: { steps: 100, step_ms: 100 } })
  const refusal = expect(cut).rejects.toThrow(/may have run/)
  // Not before it is on its way.
  await expect.poll(async () => (await rest(home, 'GET', '/tasks?status=running')).items.length).toBe(1)
  await endProcess(first.child, 'SIGKILL')
  await refusal
  await using _second = await startServe(home)
  await startDemo(home)
  expect((await bridge.client.callTool(call)).content).toEqual([{ type: 'text', text: 'still here' }])
  expect(bridge.said()).toContain('restarted')
})

it('tells why it cannot serve, on stderr and in the answer', async () => {
  await using folder = await temporaryHome()
  const home = join(folder.home, 'file')
  await writeFile(home, '')
  await using bridge = await legacyClient(home)
  await expect(bridge.client.connect(bridge.transport)).rejects.toThrow(home)
  expect(bridge.said()).toContain(home)
})

it('answers what was asked before stdin ended, and refuses what is no JSON', async () => {
  await using folder = await temporaryHome()
  const { home } = folder
  await using _serving = await startServe(home)
  const child = spawn(process.execPath, words(home), { stdio: ['pipe', 'pipe', 'ignore'] })
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: info }
  const opening = { jsonrpc: '2.0', id: 'a', method: 'initialize', params }
  child.stdin.end(`${JSON.stringify(opening)}\nno json\n{"jsonrpc":"2.0","id":1.0,"method":"ping"}\n`)
  const [out] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const lines = out.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).id).toSorted()).toEqual([1, 'a', null].toSorted())
  expect(lines.some((line) => line.includes('"id":1.0'))).toBe(true)
  expect(child.exitCode).toBe(0)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
