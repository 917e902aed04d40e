import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'
import { nextAttemptMs } from './schedule.ts'
import { isSignedWith, openReceiver } from './test-receiver.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
type Api = ReturnType<typeof client>

const echo = 'echo' as ServerId
const hello = { agent: echo, action: 'echo', parameters: { text: 'hello' } }

/** A host with a server that answers, which a person has started and lets call the receiver. */
async function prepared(allowed: string[]) {
  const host = await temporaryHost()
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.settings.set({ allowed_targets: allowed })
  await api.servers.start({ id: echo, wait_s: 60 })
  return host
}

/** The time line of a task and its callback, to the end of both. */
async function timeLine(api: Api, task_id: TaskId) {
  const seen: { kind: string; data: Record<string, unknown> }[] = []
  for await (const { events } of await api.tasks.follow({ task_id })) seen.push(...events)
  return seen
}

test('tells the end of a task once, signed, and puts it on the time line', async () => {
  await using receiver = await openReceiver()
  await using host = await prepared([receiver.host])
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.servers.start({ id: echo, wait_s: 60 })
  const { task_id } = await api.tasks.create({ ...hello, callback_url: receiver.url })
  const events = await timeLine(api, task_id)
  const outbound = events.filter(({ kind }) => kind === 'outbound').map(({ data }) => data)
  expect(outbound).toEqual([
    {
      service: 'callback',
      endpoint: `POST ${receiver.host}`,
      decision: 'answered',
      attempt: 1,
      status: 200,
      ms: expect.any(Number),
    },
  ])
  const { items } = await api.tasks.events({ task_id })
  expect(items.map(({ number }) => number)).toEqual(items.map((_, index) => index + 1))
  expect(items.at(-1)).toMatchObject({ kind: 'outbound' })

  const [delivery, ...others] = receiver.deliveries
  expect(others).toEqual([])
  const { key } = await api.callbacks.signingKey()
  expect(isSignedWith(key, delivery!)).toBe(true)
  expect(isSignedWith(key, { ...delivery!, body: `${delivery!.body} ` })).toBe(false)
  const callback = await api.callbacks.get({ task_id })
  expect(delivery!.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': callback.id })
  const task = await api.tasks.get({ task_id })
  expect(JSON.parse(delivery!.body)).toEqual({
    type: 'agent.task.completed',
    timestamp: task.finished_at,
    data: expect.objectContaining({ task_id, status: 'completed', agent: 'echo', result: task.result }),
  })
  expect(callback).toMatchObject({ state: 'delivered', attempts: 1, last_status: 200, host: receiver.host })
})

test('what is owed when the program ends is delivered by the next one', async () => {
  await using receiver = await openReceiver([503])
  await using host = await prepared([receiver.host])
  let task_id: TaskId
  {
    await using engine = await createEngine(host)
    const api = client(engine)
    await api.servers.start({ id: echo, wait_s: 60 })
    task_id = (await api.tasks.create({ ...hello, callback_url: receiver.url })).task_id
    await receiver.came(1)
    for await (const { events } of await api.tasks.follow({ task_id })) {
      if (events.some(({ data }) => data.decision === 'retry')) break
    }
    expect(await api.callbacks.get({ task_id })).toMatchObject({ state: 'due', attempts: 1, last_status: 503 })
  }
  await using engine = await createEngine(host)
  const api = client(engine)
  await receiver.came(2)
  const decisions = (await timeLine(api, task_id)).filter(({ kind }) => kind === 'outbound')
  expect(decisions.map(({ data }) => [data.decision, data.attempt, data.status])).toEqual([
    ['answered', 1, 503],
    ['retry', 1, undefined],
    ['answered', 2, 200],
  ])
  expect(new Set(receiver.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(await api.callbacks.get({ task_id })).toMatchObject({ state: 'delivered', attempts: 2 })
})

test.each([
  ['http://127.0.0.1:9/', 'port'],
  ['http://169.254.169.254/', 'link_local'],
  ['file:///etc/passwd', 'scheme'],
])('refuses %s at once, and makes no task', async (callback_url, reason) => {
  await using host = await prepared([])
  await using engine = await createEngine(host)
  const api = client(engine)
  await expect(api.tasks.create({ ...hello, callback_url })).rejects.toMatchObject({
    code: 'target_refused',
    status: 400,
    data: { reason },
  })
  expect((await api.tasks.list({})).items).toEqual([])
})

test('a redirect to where nothing may be sent ends the callback, and says so on the time line', async () => {
  await using receiver = await openReceiver([307])
  await using host = await prepared([receiver.host])
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.servers.start({ id: echo, wait_s: 60 })
  const { task_id } = await api.tasks.create({ ...hello, callback_url: receiver.url })
  const decisions = (await timeLine(api, task_id)).filter(({ kind }) => kind === 'outbound')
  expect(decisions.map(({ data }) => data.decision)).toEqual(['redirected', 'refused'])
  expect(await api.callbacks.get({ task_id })).toMatchObject({
    state: 'refused',
    last_error: { code: 'target_refused' },
  })

  const again = await api.callbacks.redeliver({ task_id })
  expect(again).toMatchObject({ state: 'due', attempts: 0 })
  await timeLine(api, task_id)
  expect(await api.callbacks.get({ task_id })).toMatchObject({ state: 'delivered', attempts: 1 })
})

test('a receiver that says more than anybody reads has got it all the same', async () => {
  await using receiver = await openReceiver([200], 'x'.repeat(200_000))
  await using host = await prepared([receiver.host])
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.servers.start({ id: echo, wait_s: 60 })
  const { task_id } = await api.tasks.create({ ...hello, callback_url: receiver.url })
  await timeLine(api, task_id)
  expect(await api.callbacks.get({ task_id })).toMatchObject({ state: 'delivered', attempts: 1, last_status: 200 })
})

test('a task that cannot be made leaves no callback behind', async () => {
  await using receiver = await openReceiver()
  await using host = await prepared([receiver.host])
  await using engine = await createEngine(host)
  const api = client(engine)
  const asked = api.tasks.create({ ...hello, agent: 'nobody' as ServerId, callback_url: receiver.url })
  await expect(asked).rejects.toMatchObject({ code: 'unknown_server', status: 404 })
})

test('pauses grow to six hours, differ by chance, and end after a dozen attempts', () => {
  const longest = Array.from({ length: 12 }, (_, index) => nextAttemptMs(index + 1, 0, () => 1))
  expect(longest.map((ms) => ms && ms / 1000)).toEqual([
    5,
    20,
    80,
    320,
    1280,
    5120,
    20_480,
    21_600,
    21_600,
    21_600,
    21_600,
    null,
  ])
  expect(nextAttemptMs(1, 0, () => 0)).toBe(3750)
  expect(nextAttemptMs(1, 60_000)).toBe(60_000)
})
