import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ProfileId } from '../../../shared/client.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { TaskSummary } from '../../../shared/task.ts'
import { openTestGateway, ownServer } from '../../gateway/test-gateway.ts'
import { openTestFace } from '../test-face.ts'
import { mostSockets, mostSocketsOfAClient, socketLimits } from './socket-limits.ts'
import { TestSocket } from './test-socket.ts'

const echo = { command: 'node', args: [ownServer('echo')] }
const call = { agent: 'echo' as ServerId, action: 'echo', parameters: { text: 'hi' } }
const slowCall = { ...call, action: 'slow', parameters: { steps: 3, step_ms: 1 } }

/** What an attempt to open a socket is answered with. */
async function refusal(face: string, path: string, headers: Record<string, string>): Promise<unknown> {
  const socket = new WebSocket(`${face.replace('http', 'ws')}${path}`, { headers })
  socket.on('error', () => {})
  const [, response] = await Promise.race([once(socket, 'unexpected-response'), once(socket, 'open')])
  if (response === undefined) {
    socket.terminate()
    return 'opened'
  }
  let body = ''
  for await (const chunk of response) body += chunk
  return [response.statusCode, JSON.parse(body).code]
}

test('a socket calls tools, streams them, and follows tasks, one task, servers and a log', async () => {
  await using gateway = await openTestGateway({ echo })
  await using socket = await TestSocket.open(gateway.url, gateway.ownerToken, '/ws/script-1')
  expect(await socket.next('welcome')).toMatchObject({ client_id: 'script-1', limits: socketLimits })
  await socket.follow('tasks')
  await socket.follow('servers')
  await socket.follow('servers.echo.logs')

  socket.send({ type: 'agent_request', id: 1, payload: call })
  const answer = await socket.next('agent_response')
  expect(answer).toMatchObject({ id: 1, status: 'completed', result: { content: [{ type: 'text', text: 'hi' }] } })
  const finished = await socket.next(
    'event',
    ({ topic, data }) => topic === 'tasks' && taskOf(data).status === 'completed',
  )
  expect(taskOf(finished.data)).toMatchObject({ task_id: answer.task_id, origin: 'api' })

  socket.send({ type: 'stream_request', id: 'two', payload: slowCall })
  const kinds = new Set<string>()
  for (;;) {
    const message = await socket.any()
    if (message.type === 'stream_chunk') kinds.add(message.chunk.kind)
    if (message.type !== 'stream_end') continue
    expect(message).toMatchObject({ id: 'two', status: 'completed' })
    break
  }
  expect([...kinds].sort()).toEqual(['progress', 'sent', 'status'])

  // A task that is over is told from its beginning, and ends.
  await socket.follow(`tasks.${answer.task_id}`)
  const first = await socket.next('event', ({ topic }) => topic === `tasks.${answer.task_id}`)
  expect(first.data).toMatchObject({ event: { number: 1, data: { status: 'queued' } } })
  expect(await socket.next('unsubscribed')).toMatchObject({ topic: `tasks.${answer.task_id}`, reason: 'ended' })

  void gateway.api.servers.stop({ id: call.agent, wait_s: 30 })
  const stopped = await socket.next(
    'event',
    ({ topic, data }) => topic === 'servers' && serverOf(data).state === 'stopped',
  )
  expect(serverOf(stopped.data)).toMatchObject({ id: 'echo', wished: false, pid: null })
  void gateway.api.servers.start({ id: call.agent, wait_s: 30 })
  const line = await socket.next('event', ({ topic }) => topic === 'servers.echo.logs')
  expect(line.data).toMatchObject({ server: 'echo' })

  socket.send({ type: 'unsubscribe', topic: 'servers' })
  expect(await socket.next('unsubscribed')).toMatchObject({ topic: 'servers', reason: 'asked' })
})

test('what happens is told under the name of the event, without secrets', async () => {
  await using gateway = await openTestGateway({})
  const { bus, masker } = gateway.engine
  masker.learn(['a-secret-of-the-vault'])
  await using socket = await TestSocket.open(gateway.url, gateway.ownerToken)
  await socket.follow('events.webhook.received')
  const payload = { hook: 'ci', delivery_id: '1', content_type: null, body: { said: 'a-secret-of-the-vault' } }
  const { id } = bus.publish('webhook.received', payload)
  const { data } = await socket.next('event')
  expect(data).toMatchObject({ id, name: 'webhook.received', payload: { hook: 'ci' } })
  expect(JSON.stringify(data)).not.toContain('a-secret')
})

test('a request can be cancelled, and a failure comes back as one', async () => {
  await using gateway = await openTestGateway({ echo })
  await using socket = await TestSocket.open(gateway.url, gateway.ownerToken)
  socket.send({
    type: 'stream_request',
    id: 'long',
    payload: { ...slowCall, parameters: { steps: 10_000, step_ms: 20 } },
  })
  await socket.next('stream_chunk', ({ chunk }) => chunk.kind === 'progress')
  socket.send({ type: 'cancel', id: 'long' })
  expect(await socket.next('stream_end')).toMatchObject({ id: 'long', status: 'cancelled' })
  socket.send({ type: 'cancel', id: 'long' })
  expect(await socket.next('error')).toMatchObject({ id: 'long', code: 'unknown_request' })
  socket.send({ type: 'agent_request', id: 2, payload: { ...call, action: 'fail' } })
  expect(await socket.next('agent_response')).toMatchObject({ id: 2, status: 'failed', error: { code: 'tool_error' } })
  socket.send({ type: 'agent_request', id: 3, payload: { ...call, action: 'nothing' } })
  expect(await socket.next('error')).toMatchObject({ id: 3, code: 'unknown_tool' })
})

test('a client sees its own tasks and the servers of its profile, and calls what that grants', async () => {
  const granted = { id: 'some' as ProfileId, name: 'Some', others: 'off' as const, servers: [] }
  await using gateway = await openTestGateway({ echo, hidden: echo })
  const { book } = gateway
  const server = { server: 'echo' as ServerId, is_on: true, tools_off: ['fail'] }
  book.setProfile({ ...granted, servers: [server] })
  const token = book.issue('one', 'some')
  await using client = await TestSocket.open(gateway.url, token)
  await using owner = await TestSocket.open(gateway.url, gateway.ownerToken)
  for (const topic of ['tasks', 'servers']) await client.follow(topic)
  await owner.follow('tasks')

  const refused = async (topic: string): Promise<string> => {
    client.send({ type: 'subscribe', topic })
    const told = await client.first(({ type }) => type === 'error' || type === 'subscribed')
    return told.type === 'error' ? told.code : told.type
  }
  owner.send({ type: 'agent_request', payload: call })
  const { task_id } = await owner.next('agent_response')
  expect(await refused(`tasks.${task_id}`)).toBe('unknown_task')
  expect(await refused('servers.echo.logs')).toBe('topic_not_granted')

  for (const payload of [
    { ...call, agent: 'hidden' as ServerId },
    { ...call, agent: 'nobody' as ServerId },
    { ...call, action: 'fail' },
  ]) {
    client.send({ type: 'agent_request', id: 'no', payload })
    const told = await client.first(({ type }) => type === 'error' || type === 'agent_response')
    expect(told).toMatchObject({ type: 'error', id: 'no', code: 'not_granted' })
  }
  await gateway.api.servers.stop({ id: 'hidden' as ServerId, wait_s: 30 })
  client.send({ type: 'agent_request', id: 'own', payload: call })
  const own = await client.next('event', ({ topic }) => topic === 'tasks')
  // What came first: the task of the owner did not.
  expect([own.topic, own.seq, taskOf(own.data).origin]).toEqual(['tasks', 1, 'client:one'])
  expect(await client.next('agent_response')).toMatchObject({ id: 'own', status: 'completed' })
  await gateway.api.servers.stop({ id: 'echo' as ServerId, wait_s: 30 })
  const change = await client.next('event', ({ topic }) => topic === 'servers')
  expect(serverOf(change.data).id).toBe('echo')
  expect(Object.keys(serverOf(change.data)).sort()).toEqual(['id', 'since', 'state', 'tools'])

  await client.follow('events.agent.task.completed')
  expect(await refused('events.server.failed')).toBe('topic_not_granted')
  await gateway.api.servers.start({ id: 'echo' as ServerId, wait_s: 30 })
  owner.send({ type: 'agent_request', payload: call })
  client.send({ type: 'agent_request', id: 'told', payload: call })
  const told = await client.next('event', ({ topic }) => topic === 'events.agent.task.completed')
  expect(told).toMatchObject({ seq: 1, data: { version: 1, payload: { origin: 'client:one' } } })

  book.setProfile(granted)
  client.send({ type: 'agent_request', id: 'late', payload: call })
  expect(await client.next('error')).toMatchObject({ id: 'late', code: 'not_granted' })
  book.revoke(token)
  client.send({ type: 'ping' })
  expect(await Promise.race([client.closed, client.next('pong')])).toBe(1008)
})

test('nobody is let in without a token, under a wrong name or from another site', async () => {
  await using gateway = await openTestGateway({})
  const authorization = `Bearer ${gateway.ownerToken}`
  expect([
    await refusal(gateway.url, '/ws/test', {}),
    await refusal(gateway.url, '/ws/test', { authorization: 'Bearer x' }),
    await refusal(gateway.url, '/ws/test', { authorization, origin: 'http://evil.example' }),
    await refusal(gateway.url, '/ws/a%2Fb', { authorization }),
    await refusal(gateway.url, '/ws/', { authorization }),
  ]).toEqual([
    [401, 'unauthorized'],
    [401, 'unauthorized'],
    [403, 'foreign_origin'],
    [400, 'unknown_route'],
    [400, 'unknown_route'],
  ])
  const plain = await fetch(`${gateway.url}/ws/test`, { headers: { authorization } })
  expect([plain.status, ((await plain.json()) as { code: string }).code]).toEqual([426, 'upgrade_required'])
})

test('the cookie of the page opens a socket, which calls as the page', async () => {
  await using face = await openTestFace()
  const { headers } = await fetch(face.face.pageLink(), { redirect: 'manual' })
  const cookie = headers.get('set-cookie')!.split(';')[0]!
  await using socket = await TestSocket.openWith(face.face.url, { cookie })
  socket.send({ type: 'agent_request', payload: call })
  await socket.next('agent_response')
  expect(face.origins).toEqual(['page'])
})

test('a wrong message is told what is wrong with it, and the connection goes on', async () => {
  await using face = await openTestFace()
  await using socket = await TestSocket.open(face.face.url, face.face.token)
  const answers: unknown[] = []
  for (const text of [
    '{',
    `${'['.repeat(300)}`,
    '[]',
    'null',
    '{"type":"shout"}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","topic":"tasks","colour":"red"}',
    '{"type":"subscribe","topic":"weather"}',
    '{"type":"subscribe","topic":"servers.nobody.logs"}',
    '{"type":"unsubscribe","topic":"tasks"}',
    '{"type":"agent_request","id":7,"payload":{"agent":"","action":"x"}}',
    '{"type":"resume","epoch":"yesterday","topics":{}}',
  ]) {
    socket.sendText(text)
    const { code, id, topic, issues } = await socket.next('error')
    answers.push([code, id ?? topic ?? null, issues?.[0]?.path.join('.') ?? null])
  }
  expect(answers).toEqual([
    ['invalid_json', null, null],
    ['invalid_json', null, null],
    ['invalid_message', null, ''],
    ['invalid_message', null, ''],
    ['invalid_message', null, 'type'],
    ['invalid_message', null, 'topic'],
    ['invalid_message', 'tasks', ''],
    ['unknown_topic', 'weather', null],
    ['unknown_server', 'servers.nobody.logs', null],
    ['not_subscribed', 'tasks', null],
    ['invalid_message', 7, 'payload.agent'],
    ['invalid_message', null, 'epoch'],
  ])
  socket.send({ type: 'ping', id: 'still here' })
  expect(await socket.next('pong')).toEqual({ type: 'pong', id: 'still here' })
  socket.socket.send(Buffer.from('{}'))
  expect(await socket.closed).toBe(1003)
})

test('caps: the size of a message, subscriptions, open requests, sockets of a client', async () => {
  await using gateway = await openTestGateway({ echo })
  await using socket = await TestSocket.open(gateway.url, gateway.ownerToken)
  const ids = await Promise.all(
    Array.from(
      { length: socketLimits.subscriptions },
      async () => (await gateway.api.tasks.create(slowCallOf(5_000))).task_id,
    ),
  )
  for (const id of ids) await socket.follow(`tasks.${id}`)
  socket.send({ type: 'subscribe', topic: 'tasks' })
  const told = await socket.first(({ type }) => type === 'error' || type === 'subscribed')
  expect(told).toMatchObject({ topic: 'tasks', code: 'too_many_subscriptions' })

  for (let id = 0; id <= socketLimits.open_requests; id++) {
    socket.send({ type: 'agent_request', id, payload: slowCallOf(5_000) })
  }
  socket.send({ type: 'ping' })
  const next = await socket.first(({ type }) => type === 'error' || type === 'pong')
  expect(next).toMatchObject({ id: socketLimits.open_requests, code: 'too_many_requests' })

  socket.sendText(' '.repeat(socketLimits.message_bytes + 1))
  expect(await Promise.race([socket.closed, socket.next('error')])).toBe(1009)

  const token = gateway.book.issue('crowd')
  await using crowd = new AsyncDisposableStack()
  for (let n = 0; n < mostSocketsOfAClient; n++) crowd.use(await TestSocket.open(gateway.url, token))
  expect(await refusal(gateway.url, '/ws/test', { authorization: `Bearer ${token}` })).toEqual([
    503,
    'too_many_connections',
  ])
  await using other = await TestSocket.open(gateway.url, gateway.ownerToken)
  expect(await other.next('welcome')).toMatchObject({ client_id: 'test' })
})

test('no more sockets are taken than the program is made for', async () => {
  await using face = await openTestFace()
  await using crowd = new AsyncDisposableStack()
  const opened = Array.from({ length: mostSockets }, async () =>
    crowd.use(await TestSocket.open(face.face.url, face.face.token)),
  )
  await Promise.all(opened)
  expect(await refusal(face.face.url, '/ws/test', { authorization: `Bearer ${face.face.token}` })).toEqual([
    503,
    'too_many_connections',
  ])
})

test('a slow reader is told what it missed, and every number is accounted for', async () => {
  await using face = await openTestFace()
  await using slow = await TestSocket.open(face.face.url, face.face.token)
  await using other = await TestSocket.open(face.face.url, face.face.token)
  // Lines of 16 KB without an end.
  const { seq } = await slow.follow('servers.a/b.logs')
  await slow.next('event')
  slow.socket.pause()
  await other.follow('servers.a/b.logs')
  const far = await other.next('event', (message) => message.seq > seq + 3_000)
  slow.socket.resume()
  let missed = 0
  let last = 1
  while (last < far.seq) {
    const message = await slow.any()
    if (message.type === 'gap') {
      expect(message).toMatchObject({ from: last + 1, missed: message.to! - last, reason: 'slow' })
      missed += message.missed!
      last = message.to!
    } else if (message.type === 'event') {
      expect(message.seq).toBe(last + 1)
      last = message.seq
    }
  }
  expect(missed).toBeGreaterThan(1_000)
})

test('who comes back gets what it missed, or hears that it is too old or of another life', async () => {
  await using gateway = await openTestGateway({ echo })
  const say = async (text: string): Promise<void> => {
    await using caller = await TestSocket.open(gateway.url, gateway.ownerToken)
    caller.send({ type: 'agent_request', payload: { ...call, parameters: { text } } })
    await caller.next('agent_response')
  }
  await using keeper = await TestSocket.open(gateway.url, gateway.ownerToken)
  const topic = 'tasks'
  const { epoch } = await keeper.next('welcome')
  await keeper.follow(topic)
  await say('before')
  const { seq } = await keeper.next('event')
  await keeper[Symbol.asyncDispose]()
  await say('meanwhile')

  await using back = await TestSocket.open(gateway.url, gateway.ownerToken)
  back.send({ type: 'resume', epoch, topics: { [topic]: seq } })
  expect(await back.next('subscribed')).toMatchObject({ seq })
  const next = await back.next('event')
  expect(next.seq).toBe(seq + 1)
  back.send({ type: 'unsubscribe', topic })

  const otherEpoch = crypto.randomUUID()
  back.send({ type: 'resume', epoch: otherEpoch, topics: { [topic]: 41, weather: 1 } })
  expect(await back.next('gap')).toMatchObject({ topic, from: 42, to: null, missed: null, reason: 'restarted' })
  expect(await back.next('error')).toMatchObject({ topic: 'weather', code: 'unknown_topic' })
})

test('the numbers of a topic that is no longer kept are too old', async () => {
  await using face = await openTestFace()
  await using back = await TestSocket.open(face.face.url, face.face.token)
  const { epoch } = await back.next('welcome')
  await using keeper = await TestSocket.open(face.face.url, face.face.token)
  await keeper.follow('servers.a/b.logs')
  // Far more than is kept.
  await keeper.next('event', ({ seq }) => seq > 500)
  back.send({ type: 'resume', epoch, topics: { 'servers.a/b.logs': 1 } })
  expect(await back.next('gap')).toMatchObject({ from: 2, reason: 'too_old' })
})

test('who answers no ping is cut off', async () => {
  await using face = await openTestFace({ heartbeatMs: 500 })
  await using silent = await TestSocket.open(face.face.url, face.face.token)
  await using alive = await TestSocket.open(face.face.url, face.face.token)
  silent.socket.pause()
  for (let pings = 0; pings < 4; pings++) await once(alive.socket, 'ping')
  silent.socket.resume()
  silent.send({ type: 'ping' })
  expect(await Promise.race([silent.closed, silent.next('pong')])).toBe(1006)
  expect(alive.socket.readyState).toBe(WebSocket.OPEN)
})

function slowCallOf(steps: number) {
  return { ...slowCall, parameters: { steps, step_ms: 1_000 } }
}

function taskOf(data: unknown): TaskSummary {
  return (data as { task: TaskSummary }).task
}

function serverOf(data: unknown): Record<string, unknown> {
  return (data as { server: Record<string, unknown> }).server
}
