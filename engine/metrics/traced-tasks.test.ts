import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import { newRuleSchema } from '../../shared/rule.ts'
import { isFinished } from '../../shared/task.ts'
import { TestSocket } from '../api/ws/test-socket.ts'
import { openTestGateway, ownServer, type TestGateway } from '../gateway/test-gateway.ts'
import { openCollectorStandIn } from './test-collector.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'
const said = { traceparent: `00-${trace}-${span}-01`, tracestate: 'vendor=1', baggage: 'team=trains' }
const call = { agent: 'verbatim' as ServerId, action: 'say', parameters: { reply: '{"content":[]}' } }

let gateway: TestGateway
let collector: Awaited<ReturnType<typeof openCollectorStandIn>>
beforeAll(async () => {
  collector = await openCollectorStandIn()
  gateway = await openTestGateway({ verbatim: { command: 'node', args: [ownServer('verbatim')] } })
  await trackTo(collector.url)
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await collector[Symbol.asyncDispose]()
})

async function trackTo(traces_endpoint: string): Promise<void> {
  await gateway.api.settings.set({ traces_endpoint })
  await gateway.engine.metrics.flushTraces()
}

/** What the server of a task saw as `_meta`, and the spans that were told of that task, the outer one first. */
async function told(task_id: TaskId) {
  for await (const { task } of await gateway.api.tasks.follow({ task_id })) if (isFinished(task.status)) break
  await gateway.engine.metrics.flushTraces()
  const { result } = await gateway.api.tasks.get({ task_id })
  const { params } = JSON.parse((result as { seen: string }).seen)
  const spans = collector.spans.filter(({ attributes }) =>
    attributes.some(({ key, value }) => key === 'signalbox.task.id' && value.stringValue === task_id),
  )
  return { meta: params._meta ?? {}, outer: spans[0]!, inner: spans[1]! }
}

const byRest = async (headers: Record<string, string>): Promise<TaskId> => {
  const answer = await gateway.post('/api/v1/tasks', call, headers)
  return ((await answer.json()) as { task_id: TaskId }).task_id
}

async function bySocket(meta: typeof said): Promise<TaskId> {
  await using socket = await TestSocket.open(gateway.url, gateway.ownerToken)
  socket.send({ type: 'agent_request', id: 1, payload: call, _meta: meta })
  return (await socket.next('agent_response')).task_id
}

test.each([
  ['REST API', byRest],
  ['WebSocket', bySocket],
])('what asks over the %s says whose part its call is, and the server hears it', async (_, ask) => {
  const { meta, outer, inner } = await told(await ask(said))
  expect([outer.kind, inner.kind]).toEqual([1, 3])
  expect([outer.traceId, inner.traceId]).toEqual([trace, trace])
  expect([outer.parentSpanId, inner.parentSpanId]).toEqual([span, outer.spanId])
  expect(meta).toMatchObject({ ...said, traceparent: `00-${trace}-${inner.spanId}-01` })
})

test('a call of the page begins a trace, and its server hears of that', async () => {
  const page = createRouterClient(gateway.engine.router, { context: { origin: 'page' } })
  const { task_id } = await page.tasks.create(call)
  const { meta, outer, inner } = await told(task_id)
  expect(outer.parentSpanId ?? '').toBe('')
  expect(meta.traceparent).toBe(`00-${outer.traceId}-${inner.spanId}-01`)
})

test('a call that is run again is a part of the trace of whoever asks for that', async () => {
  const first = await byRest({})
  await told(first)
  const answer = await gateway.post(`/api/v1/tasks/${first}/rerun`, {}, said)
  const { task_id } = (await answer.json()) as { task_id: TaskId }
  expect((await told(task_id)).meta.traceparent).toContain(trace)
})

test('the call of a rule is a part of its run, for its server, too', async () => {
  const { agent: server, action: tool, parameters } = call
  const { id } = await gateway.api.rules.create(
    newRuleSchema.parse({
      name: 'traced',
      trigger: { kind: 'webhook', hook: 'ci' },
      steps: [{ kind: 'tool', name: 'say', server, tool, arguments: parameters }],
    }),
  )
  const { run } = await gateway.api.rules.test({ id })
  for await (const { task } of await gateway.api.tasks.follow({ task_id: run!.id })) if (isFinished(task.status)) break
  const { steps } = await gateway.api.rules.run({ id: run!.id })
  const { meta, outer, inner } = await told(steps[0]!.task_id!)
  const whole = collector.spans.find(({ name }) => name === 'run rule:traced')!
  expect([outer.traceId, outer.parentSpanId]).toEqual([whole.traceId, whole.spanId])
  expect(meta.traceparent).toBe(`00-${whole.traceId}-${inner.spanId}-01`)
})

test('what is not sampled is not sent, and the server is told so; what is no place in a trace counts for nothing', async () => {
  const quiet = await told(await byRest({ ...said, traceparent: `00-${trace}-${span}-00` }))
  expect(quiet.outer).toBeUndefined()
  expect(quiet.meta.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`))
  const broken = await told(await byRest({ ...said, traceparent: 'x' }))
  expect(broken.meta).not.toHaveProperty('baggage')
  expect(broken.outer.traceId).not.toBe(trace)
})

test('while traces are off nothing is added to a call', async () => {
  await trackTo('')
  expect((await told(await byRest(said))).meta).not.toHaveProperty('traceparent')
})
