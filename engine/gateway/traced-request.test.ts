import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { attributesOf, type Collector, openCollectorStandIn } from '../metrics/test-collector.ts'
import { openTestGateway, ownServer, type TestGateway } from './test-gateway.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'
const version = '2026-07-28'

let collector: Collector
let gateway: TestGateway
beforeAll(async () => {
  collector = await openCollectorStandIn()
  gateway = await openTestGateway({ verbatim: { command: 'node', args: [ownServer('verbatim')] } })
  await gateway.api.settings.set({ traces_endpoint: collector.url })
  await gateway.engine.metrics.flushTraces()
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => {
  collector.requests.length = 0
})

/** Asks as a modern client, on the server's own path; the answer and the spans that were told of it. */
async function asked(method: string, params: object, flags = '01') {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    traceparent: `00-${trace}-${span}-${flags}`,
  }
  const { name, uri } = params as { name?: string; uri?: string }
  const named = name ?? uri
  const headers = {
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(named !== undefined && { 'mcp-name': named }),
  }
  const body = { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta } }
  const answer = await gateway.post('/mcp/s/verbatim', body, headers)
  const { result, error } = (await answer.json()) as { result?: { seen: string }; error?: { code: number } }
  await gateway.engine.metrics.flushTraces()
  const [server, client] = collector.spans.toSorted((a, b) => a.kind - b.kind)
  const seen = result?.seen === undefined ? null : JSON.parse(result.seen).params._meta
  return { server, client, seen, error, spans: collector.spans.length }
}

test.each([
  ['prompts/get', { name: 'say', reply: '{"messages":[]}' }, 'prompts/get say', { 'gen_ai.prompt.name': 'say' }],
  [
    'resources/read',
    { uri: 'verbatim://say', reply: '{"contents":[]}' },
    'resources/read',
    { 'mcp.resource.uri': 'verbatim://say' },
  ],
])('%s is a part of its client’s trace, and the server hears of ours', async (method, params, name, attributes) => {
  const { server, client, seen } = await asked(method, params)
  expect([server!.name, server!.kind, client!.name, client!.kind]).toEqual([name, 2, name, 3])
  expect([server!.traceId, server!.parentSpanId]).toEqual([trace, span])
  expect([client!.traceId, client!.parentSpanId]).toEqual([trace, server!.spanId])
  expect(seen.traceparent).toBe(`00-${trace}-${client!.spanId}-01`)
  expect(attributesOf(server!)).toMatchObject({
    ...attributes,
    'mcp.method.name': method,
    'jsonrpc.request.id': '7',
    'mcp.protocol.version': version,
    'network.transport': 'tcp',
  })
  expect(attributesOf(client!)).toMatchObject({
    ...attributes,
    'mcp.method.name': method,
    'mcp.protocol.version': '2025-11-25',
    'network.transport': 'pipe',
    'signalbox.server': 'verbatim',
  })
})

test('what we answer ourselves is one span', async () => {
  const { server, spans } = await asked('prompts/list', {})
  expect([spans, server!.name, server!.kind]).toEqual([1, 'prompts/list', 2])
})

test('an error of the server stands with its code on both spans', async () => {
  const error = '{"code":-32042,"message":"not so","data":{SEEN}}'
  const { server, client, error: told } = await asked('prompts/get', { name: 'say', error })
  expect(told!.code).toBe(-32042)
  for (const one of [server!, client!]) {
    expect(one.status.code).toBe(2)
    expect(attributesOf(one)).toMatchObject({ 'rpc.response.status_code': '-32042', 'error.type': '-32042' })
  }
})

test('so does the error of a call of a tool, whose status is that of its task', async () => {
  const error = '{"code":-32042,"message":"not so","data":{SEEN}}'
  const { server, client } = await asked('tools/call', { name: 'say', arguments: { error } })
  for (const one of [server!, client!]) {
    expect(one.status).toEqual({ code: 2, message: 'server_error' })
    expect(attributesOf(one)).toMatchObject({ 'rpc.response.status_code': '-32042', 'error.type': '-32042' })
  }
})

test('what its client does not sample is not sent, and says so to the server', async () => {
  const { spans, seen } = await asked('prompts/get', { name: 'say', reply: '{"messages":[]}' }, '00')
  expect(spans).toBe(0)
  expect(seen.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`))
})
