import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, test, vi } from 'vitest'
import { openTestGateway, ownServer, referenceServer, type TestGateway } from './test-gateway.ts'

const echo = { command: 'node', args: [ownServer('echo')] }
const modern = { command: 'node', args: [ownServer('modern-stdio')] }
const everything = { command: 'node', args: [referenceServer('everything')] }

interface CallOptions {
  onprogress?: (progress: { progress: number }) => void
  signal?: AbortSignal
}

async function legacyClient(gateway: TestGateway, path: string, token = gateway.ownerToken) {
  const client = new Client({ name: 'old', version: '1' })
  const headers = { authorization: `Bearer ${token}` }
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}${path}`), { requestInit: { headers } })
  // Its own types disagree about what may be undefined.
  await client.connect(transport as Parameters<Client['connect']>[0])
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name: string, args: Record<string, unknown>, options?: CallOptions) =>
      client.callTool({ name, arguments: args }, undefined, options),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function modernClient(gateway: TestGateway, path: string, token = gateway.ownerToken) {
  const client = new ModernClient(
    { name: 'new', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  const headers = { authorization: `Bearer ${token}` }
  await client.connect(new ModernTransport(new URL(`${gateway.url}${path}`), { requestInit: { headers } }))
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name: string, args: Record<string, unknown>, options?: CallOptions) =>
      client.callTool({ name, arguments: args }, options),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

test('an old and a new client reach an old and a new server, and each call is a task', async () => {
  await using gateway = await openTestGateway({ echo, everything, modern })
  const token = gateway.book.issue('cursor')
  await using old = await legacyClient(gateway, '/mcp', token)
  await using fresh = await modernClient(gateway, '/mcp', token)
  const names = await old.names()
  expect(names.slice(0, 5)).toEqual(['echo_echo', 'echo_fail', 'echo_slow', 'echo_crash', 'echo_big'])
  expect(await fresh.names()).toEqual(names)
  for (const client of [old, fresh]) {
    expect(await client.call('echo_echo', { text: 'hi' })).toMatchObject({ content: [{ text: 'hi' }] })
    const sum = await client.call('everything_get-sum', { a: 1, b: 2 })
    expect(sum).toMatchObject({ content: [{ text: 'The sum of 1 and 2 is 3.' }] })
    expect(await client.call('modern_echo', { text: 'new' })).toMatchObject({ content: [{ text: 'new' }] })
  }
  const { items } = await gateway.api.tasks.list({})
  expect(items.map(({ agent, action, origin, status }) => [agent, action, origin, status])).toEqual(
    [0, 1].flatMap(() => [
      ['modern', 'echo', 'client:cursor', 'completed'],
      ['everything', 'get-sum', 'client:cursor', 'completed'],
      ['echo', 'echo', 'client:cursor', 'completed'],
    ]),
  )
})

test('progress comes before its result, and cancelling reaches the server, in both eras', async () => {
  await using gateway = await openTestGateway({ echo })
  for (const [index, open] of [legacyClient, modernClient].entries()) {
    await using client = await open(gateway, '/mcp/s/echo')
    const seen: number[] = []
    await client.call('slow', { steps: 3, step_ms: 20 }, { onprogress: ({ progress }) => void seen.push(progress) })
    expect(seen).toEqual([1, 2, 3])
    const stop = new AbortController()
    const left = expect(client.call('slow', { step_ms: 60_000 }, { signal: stop.signal })).rejects.toThrow()
    await vi.waitUntil(async () => (await gateway.api.tasks.list({ status: ['running'] })).items.length === 1)
    stop.abort()
    await left
    await vi.waitUntil(async () => (await gateway.api.tasks.list({ status: ['cancelled'] })).items.length === index + 1)
  }
})
