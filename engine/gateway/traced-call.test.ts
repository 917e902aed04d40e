import { expect, test } from 'vitest'
import { attributesOf, openCollectorStandIn } from '../metrics/test-collector.ts'
import { openTestGateway, ownServer, type TestGateway } from './test-gateway.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'
const parent = `00-${trace}-${span}-01`

const open = () => openTestGateway({ verbatim: { command: 'node', args: [ownServer('verbatim')] } })

/** Calls it as a modern client; what the server then saw as its params. */
async function seenBy(gateway: TestGateway, meta: object, headers: Record<string, string> = {}) {
  const params = {
    name: 'verbatim_say',
    arguments: { reply: '{"content":[]}' },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      ...meta,
    },
  }
  const own = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': params.name, ...headers }
  const answer = await gateway.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, own)
  const { result } = (await answer.json()) as { result: { seen: string } }
  return (JSON.parse(result.seen) as { params: { _meta?: Record<string, unknown> } }).params._meta ?? {}
}

test('a call is a part of its client’s trace, and the server hears whose part its work is', async () => {
  await using collector = await openCollectorStandIn()
  await using gateway = await open()
  await gateway.api.settings.set({ traces_endpoint: collector.url })
  await gateway.engine.metrics.flushTraces()
  const seen = await seenBy(gateway, { traceparent: parent, tracestate: 'vendor=1', own: 'kept' })
  await gateway.engine.metrics.flushTraces()
  const [server, client] = collector.spans
  expect([server!.kind, client!.kind]).toEqual([2, 3])
  expect([server!.traceId, client!.traceId]).toEqual([trace, trace])
  expect([server!.parentSpanId, client!.parentSpanId]).toEqual([span, server!.spanId])
  expect(seen).toMatchObject({ traceparent: `00-${trace}-${client!.spanId}-01`, tracestate: 'vendor=1', own: 'kept' })
  expect(attributesOf(server!)).toMatchObject({
    'jsonrpc.request.id': '1',
    'mcp.protocol.version': '2026-07-28',
    'network.transport': 'tcp',
  })
  expect(attributesOf(client!)).toMatchObject({ 'mcp.protocol.version': '2025-11-25', 'network.transport': 'pipe' })
})

test('the header counts where the message says nothing, and without either a trace begins here', async () => {
  await using collector = await openCollectorStandIn()
  await using gateway = await open()
  await gateway.api.settings.set({ traces_endpoint: collector.url })
  await gateway.engine.metrics.flushTraces()
  await seenBy(gateway, {}, { traceparent: parent })
  const alone = await seenBy(gateway, {})
  await gateway.engine.metrics.flushTraces()
  const [byHeader, , root, rootClient] = collector.spans
  expect([byHeader!.traceId, byHeader!.parentSpanId]).toEqual([trace, span])
  expect(root!.parentSpanId ?? '').toBe('')
  expect(alone.traceparent).toBe(`00-${root!.traceId}-${rootClient!.spanId}-01`)
})

test('what its client does not sample is not sent, and says so to the server', async () => {
  await using collector = await openCollectorStandIn()
  await using gateway = await open()
  await gateway.api.settings.set({ traces_endpoint: collector.url })
  await gateway.engine.metrics.flushTraces()
  const seen = await seenBy(gateway, { traceparent: `00-${trace}-${span}-00` })
  await gateway.engine.metrics.flushTraces()
  expect(collector.spans).toEqual([])
  expect(seen.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`))
})

test('while traces are off the message goes through as it is', async () => {
  await using gateway = await open()
  expect(await seenBy(gateway, { traceparent: parent }, { traceparent: 'x' })).toMatchObject({ traceparent: parent })
  expect(await seenBy(gateway, {}, { traceparent: parent })).not.toHaveProperty('traceparent')
})
