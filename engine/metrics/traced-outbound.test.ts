import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { newRuleSchema } from '../../shared/rule.ts'
import { openReceiver } from '../callbacks/test-receiver.ts'
import { createEngine, type Engine } from '../engine.ts'
import { memoryVault } from '../secrets/memory-vault.ts'
import { temporaryHost } from '../test-host.ts'
import { attributesOf, openCollectorStandIn } from './test-collector.ts'
import { readTraceParent } from './trace-context.ts'

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const clientOf = (engine: Engine) =>
  createRouterClient(engine.router, { context: { origin: 'api', trace: readTraceParent(parent)! } })

const echo = 'echo' as ServerId

const secret = 'correct-horse-battery-staple'

async function traced(statuses: number[]) {
  await using stack = new AsyncDisposableStack()
  const collector = stack.use(await openCollectorStandIn())
  const receiver = stack.use(await openReceiver(statuses))
  const host = stack.use(await temporaryHost({ vault: memoryVault(new Map([['API', secret]])) }))
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  const engine = stack.use(await createEngine(host))
  const api = clientOf(engine)
  await api.settings.set({ allowed_targets: [receiver.host], traces_endpoint: collector.url })
  await engine.metrics.flushTraces()
  const owned = stack.move()
  return { collector, receiver, engine, api, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

test('a callback is a part of the trace of its task, and its receiver hears of it', async () => {
  await using all = await traced([])
  const { api, receiver, engine, collector } = all
  await api.servers.start({ id: echo, wait_s: 60 })
  const asked = { agent: echo, action: 'echo', parameters: { text: 'hello' }, callback_url: receiver.url }
  const { task_id } = await api.tasks.create(asked)
  for await (const _ of await api.tasks.follow({ task_id }));
  await engine.metrics.flushTraces()
  const called = collector.spans.find(({ name }) => name === 'POST')!
  const task = collector.spans.find(({ name, kind }) => name === 'tools/call echo' && kind === 1)!
  expect([called.kind, called.traceId, called.parentSpanId]).toEqual([3, task.traceId, task.spanId])
  expect(task.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
  expect(receiver.deliveries[0]!.headers.traceparent).toBe(`00-${task.traceId}-${called.spanId}-01`)
  expect(attributesOf(called)).toMatchObject({
    'http.request.method': 'POST',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'signalbox.service': 'callback',
    'signalbox.task.id': task_id,
  })
})

test('each try of a rule’s HTTP step is a span of its own, with the status and without the address', async () => {
  await using all = await traced([503])
  const { api, receiver, engine, collector } = all
  const url = `${receiver.url}?key=\${secret:API}`
  const trigger = { kind: 'webhook', hook: 'ci' }
  const steps = [{ kind: 'http', name: 'call', method: 'PUT', url, body: { word: 'hi' } }]
  const { id } = await api.rules.create(newRuleSchema.parse({ name: 'traced', trigger, steps }))
  const event = { name: 'webhook.received' as const, payload: { body: {} } }
  const { run } = await api.rules.test({ id, event })
  for await (const { task } of await api.tasks.follow({ task_id: run!.id })) if (task.finished_at !== null) break
  await engine.metrics.flushTraces()
  const tries = collector.spans.filter(({ name }) => name === 'PUT')
  const step = collector.spans.find(({ name }) => name === 'http rule:traced')!
  expect(tries.map(({ parentSpanId }) => parentSpanId)).toEqual([step.spanId, step.spanId])
  expect(tries.map(({ status }) => status.code ?? 0)).toEqual([2, 0])
  const told = tries.map(attributesOf)
  expect(told.map((of) => [of['http.response.status_code'], of['http.request.resend_count']])).toEqual([
    [503, undefined],
    [200, 1],
  ])
  expect(receiver.deliveries.map(({ headers }) => headers.traceparent)).toEqual(
    tries.map(({ spanId }) => `00-${step.traceId}-${spanId}-01`),
  )
  expect(JSON.stringify(collector.requests)).not.toContain(secret)
})

test('while traces are off nobody outside hears of any', async () => {
  await using all = await traced([])
  const { api, receiver } = all
  await api.settings.set({ traces_endpoint: '' })
  await api.servers.start({ id: echo, wait_s: 60 })
  const asked = { agent: echo, action: 'echo', parameters: { text: 'hello' }, callback_url: receiver.url }
  const { task_id } = await api.tasks.create(asked)
  for await (const _ of await api.tasks.follow({ task_id }));
  expect(receiver.deliveries[0]!.headers).not.toHaveProperty('traceparent')
})
