import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { createEngine, type Engine } from '../engine.ts'
import { memoryVault } from '../secrets/memory-vault.ts'
import { temporaryHost } from '../test-host.ts'
import { attributesOf, openCollectorStandIn } from './test-collector.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
const echo = 'echo' as ServerId

async function configureEcho(home: string): Promise<void> {
  const args = [resolve('test-servers/echo.mjs')]
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: { command: 'node', args } } }))
}

async function call(engine: Engine, action: string, parameters: Record<string, unknown> = {}) {
  const api = client(engine)
  const { task_id } = await api.tasks.create({ agent: echo, action, parameters })
  for await (const { task } of await api.tasks.follow({ task_id })) if (task.finished_at !== null) return task
  throw new Error('the task never ended')
}

test('each task that ends is two spans with the names of MCP, and says nothing of its arguments', async () => {
  await using collector = await openCollectorStandIn()
  await using host = await temporaryHost({ vault: memoryVault(new Map()) })
  await configureEcho(host.home)
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.servers.start({ id: echo, wait_s: 30 })
  await call(engine, 'echo', { text: 'before' })
  await api.secrets.set({ name: 'COLLECTOR', value: 'sesame-opens' })
  await api.settings.set({
    traces_endpoint: collector.url,
    traces_headers: ['Authorization: Bearer ${secret:COLLECTOR}', 'X-Team: trains'],
  })
  await engine.metrics.flushTraces()
  const done = await call(engine, 'echo', { text: 'never-in-a-trace' })
  const failed = await call(engine, 'fail')
  await engine.metrics.flushTraces()

  expect(collector.requests[0]).toMatchObject({
    path: '/v1/traces',
    headers: { authorization: 'Bearer sesame-opens', 'x-team': 'trains' },
  })
  expect(attributesOf(collector.requests[0]!.body.resourceSpans[0]!.resource)).toMatchObject({
    'service.name': 'signalbox',
    'service.version': host.version,
  })
  const { spans } = collector
  expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
    ['tools/call echo', 1],
    ['tools/call echo', 3],
    ['tools/call fail', 1],
    ['tools/call fail', 3],
  ])
  const [outer, inner, badOuter] = spans
  expect(inner!.parentSpanId).toBe(outer!.spanId)
  expect(outer!.parentSpanId ?? '').toBe('')
  expect(attributesOf(outer!)).toMatchObject({
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'echo',
    'signalbox.server': 'echo',
    'signalbox.task.id': done.task_id,
    'signalbox.task.origin': 'api',
  })
  expect(attributesOf(inner!)).toMatchObject({ 'network.transport': 'pipe', 'mcp.protocol.version': '2025-11-25' })
  expect(badOuter!.status).toEqual({ code: 2, message: 'tool_error' })
  expect(attributesOf(badOuter!)).toMatchObject({ 'error.type': 'tool_error', 'signalbox.task.id': failed.task_id })
  const tookMs = (BigInt(outer!.endTimeUnixNano) - BigInt(outer!.startTimeUnixNano)) / 1_000_000n
  expect(tookMs).toBe(BigInt(Math.floor(done.duration_ms!)))
  expect(JSON.stringify(collector.requests)).not.toContain('never-in-a-trace')
  expect((await api.metrics.status()).traces).toEqual({ is_on: true, sent: 4, lost: 0, last_failure: null })
})

test('a collector that refuses loses spans, not calls, and the status says why', async () => {
  await using collector = await openCollectorStandIn()
  collector.status = 400
  await using host = await temporaryHost()
  await configureEcho(host.home)
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.servers.start({ id: echo, wait_s: 30 })
  await api.settings.set({ traces_endpoint: collector.url })
  await engine.metrics.flushTraces()
  expect((await call(engine, 'echo', { text: 'hi' })).status).toBe('completed')
  await engine.metrics.flushTraces()
  const { traces } = await api.metrics.status()
  expect(traces).toMatchObject({
    is_on: true,
    sent: 0,
    lost: 2,
    last_failure: { message: expect.stringMatching(/400|Bad Request/) },
  })
})

test('a header whose secret is missing sends nothing, and says so', async () => {
  await using collector = await openCollectorStandIn()
  await using host = await temporaryHost({ vault: memoryVault(new Map()) })
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.settings.set({ traces_endpoint: collector.url, traces_headers: ['Authorization: ${secret:NONE}'] })
  await engine.metrics.flushTraces()
  const { traces } = await api.metrics.status()
  expect(traces.last_failure?.message).toContain('NONE')
  expect(collector.requests).toEqual([])
})
