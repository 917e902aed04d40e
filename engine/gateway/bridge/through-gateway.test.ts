import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, test } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import type { JsonObject } from '../../links/link.ts'
import { openTestGateway, ownServer, referenceServer, type TestGateway } from '../test-gateway.ts'

const version = '2026-07-28'
const extension = 'io.modelcontextprotocol/tasks'
const fixture = (era: string) => ({ command: 'node', args: [ownServer(`conformance/${era}-stdio`)] })
const tasks = (page: string) => ({ command: 'node', args: [ownServer('modern-tasks'), page] })

/** One modern request by hand, as a client that declares these capabilities. */
async function ask(
  gateway: TestGateway,
  method: string,
  params: JsonObject,
  capabilities: JsonObject = { elicitation: {}, extensions: { [extension]: {}, 'io.modelcontextprotocol/ui': {} } },
  headers: Record<string, string> = {},
): Promise<{ status: number; result: JsonObject; error: JsonObject }> {
  const name = params.name ?? params.uri ?? params.taskId
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  }
  const response = await gateway.post(
    '/mcp',
    { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } },
    {
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      ...headers,
    },
  )
  const body = (await response.json()) as { result: JsonObject; error: JsonObject }
  return { status: response.status, ...body }
}

/** What comes on the stream of a `subscriptions/listen`, message by message. */
async function listen(
  gateway: TestGateway,
  notifications: JsonObject,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<AsyncGenerator<JsonObject>> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': { extensions: { [extension]: {} } },
  }
  const { body } = await fetch(`${gateway.url}/mcp`, {
    method: 'POST',
    signal,
    headers: {
      authorization: `Bearer ${gateway.ownerToken}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': version,
      'mcp-method': 'subscriptions/listen',
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'listening',
      method: 'subscriptions/listen',
      params: { notifications, _meta },
    }),
  })
  return messagesIn(body!)
}

async function* messagesIn(body: ReadableStream<Uint8Array>): AsyncGenerator<JsonObject> {
  let text = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const events = (text + chunk).split('\n\n')
    text = events.pop()!
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) yield JSON.parse(data) as JsonObject
    }
  }
}

async function legacyClient(gateway: TestGateway, path = '/mcp') {
  const client = new Client({ name: 'old', version: '1' }, { capabilities: { elicitation: {} } })
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada', color: 'blue' } }))
  const headers = { authorization: `Bearer ${gateway.ownerToken}` }
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}${path}`), { requestInit: { headers } })
  // Its own types disagree about what may be undefined.
  await client.connect(transport as Parameters<Client['connect']>[0])
  return client
}

test('a task of a modern server is reached by the id that it was given out under, and by nobody who lacks the extension', async () => {
  await using gateway = await openTestGateway({ a: tasks('a'), b: tasks('b') })
  const { result: begun } = await ask(gateway, 'tools/call', { name: 'b_begin', arguments: {} })
  expect(begun).toMatchObject({ resultType: 'task', status: 'working' })
  const taskId = String(begun.taskId)
  const asked = await ask(gateway, 'tasks/get', { taskId })
  expect(asked.result).toMatchObject({
    taskId,
    status: 'input_required',
    inputRequests: { whose: { method: 'elicitation/create' } },
  })
  const inputResponses = { whose: { action: 'accept', content: { name: 'Ada' } } }
  expect((await ask(gateway, 'tasks/update', { taskId, inputResponses })).result).toMatchObject({
    resultType: 'complete',
  })
  expect((await ask(gateway, 'tasks/get', { taskId })).result).toMatchObject({
    status: 'completed',
    result: { content: [{ text: "Ada's" }] },
  })
  expect(await ask(gateway, 'tasks/get', { taskId }, {})).toMatchObject({ status: 400, error: { code: -32021 } })
  expect((await ask(gateway, 'tasks/get', { taskId: `${taskId}x` })).error).toMatchObject({ code: -32602 })
  expect(await ask(gateway, 'tools/call', { name: 'b_begin', arguments: {} }, {})).toMatchObject({
    status: 400,
    error: { code: -32021 },
  })
})

test('a task is reached by the client that began it, on any path, and is unknown to every other', async () => {
  await using gateway = await openTestGateway({ a: tasks('a'), b: tasks('b') })
  const by = (client: string) => ({ authorization: `Bearer ${gateway.book.issue(client)}` })
  const [ada, bob] = [by('ada'), by('bob')]
  const { result } = await ask(gateway, 'tools/call', { name: 'b_begin', arguments: {} }, undefined, ada)
  const { taskId } = result as { taskId: string }
  expect((await ask(gateway, 'tasks/get', { taskId }, undefined, ada)).result).toMatchObject({ taskId })
  const inputResponses = { whose: { action: 'accept', content: { name: 'Bob' } } }
  const foreign = [
    await ask(gateway, 'tasks/get', { taskId }, undefined, bob),
    await ask(gateway, 'tasks/update', { taskId, inputResponses }, undefined, bob),
    await ask(gateway, 'tasks/cancel', { taskId }, undefined, bob),
    await ask(gateway, 'tasks/get', { taskId }),
    // What its server calls it leads nowhere either.
    await ask(gateway, 'tasks/get', { taskId: 'task.1' }, undefined, bob),
  ]
  expect(foreign.map(({ error }) => [error.code, error.message])).toEqual([
    ...Array(4).fill([-32602, `Unknown task: ${taskId}`]),
    [-32602, 'Unknown task: task.1'],
  ])
  expect((await ask(gateway, 'tasks/get', { taskId }, undefined, ada)).result).toMatchObject({
    status: 'input_required',
  })
})

test('a client that listens to its tasks hears how they stand, and nothing of those of others', async () => {
  await using gateway = await openTestGateway({ a: tasks('a') })
  const by = (client: string) => ({ authorization: `Bearer ${gateway.book.issue(client)}` })
  const [ada, bob] = [by('ada'), by('bob')]
  const begin = async (headers: Record<string, string>) =>
    String((await ask(gateway, 'tools/call', { name: 'a_begin', arguments: {} }, undefined, headers)).result.taskId)
  const [own, foreign] = [await begin(ada), await begin(bob)]
  const hangUp = new AbortController()
  const messages = await listen(gateway, { taskIds: [own, foreign] }, ada, hangUp.signal)
  expect(await messages.next()).toMatchObject({
    value: { method: 'notifications/subscriptions/acknowledged', params: { notifications: { taskIds: [own] } } },
  })
  await ask(gateway, 'tasks/cancel', { taskId: foreign }, undefined, bob)
  await ask(gateway, 'tasks/cancel', { taskId: own }, undefined, ada)
  expect(await messages.next()).toMatchObject({
    value: {
      method: 'notifications/tasks',
      params: { taskId: own, status: 'cancelled', _meta: { 'io.modelcontextprotocol/subscriptionId': 'listening' } },
    },
  })
  hangUp.abort()
})

test.each(['legacy', 'modern'])(
  'what is watched at a %s server is watched again after it was restarted',
  async (era) => {
    await using gateway = await openTestGateway({ server: fixture(era) })
    const uri = 'test://watched-resource'
    const hangUp = new AbortController()
    const messages = await listen(gateway, { resourceSubscriptions: [uri] }, {}, hangUp.signal)
    expect(await messages.next()).toMatchObject({
      value: { params: { notifications: { resourceSubscriptions: [uri] } } },
    })
    await gateway.api.servers.restart({ id: 'server' as ServerId, wait_s: 60 })
    const updated = { value: { method: 'notifications/resources/updated', params: { uri } } }
    // Nobody told what changed meanwhile: that is the first.
    expect(await messages.next()).toMatchObject(updated)
    await ask(gateway, 'tools/call', { name: 'server_test_update_watched_resource', arguments: {} })
    expect(await messages.next()).toMatchObject(updated)
    hangUp.abort()
  },
)

test('pages of Apps of two servers under one address are told apart, and their own tool names lead back', async () => {
  await using gateway = await openTestGateway({ a: tasks('first'), b: tasks('second') })
  const { result } = await ask(gateway, 'tools/list', {})
  const pages = (result.tools as JsonObject[]).flatMap(({ name, _meta }) =>
    _meta ? [[name, (_meta as { ui: { resourceUri: string } }).ui.resourceUri] as const] : [],
  )
  expect(pages).toEqual([
    ['a_show', 'ui://page'],
    ['a_press', 'ui://page'],
    ['b_show', 'signalbox://b/ui://page'],
    ['b_press', 'signalbox://b/ui://page'],
  ])
  const read = async (uri: string) =>
    ((await ask(gateway, 'resources/read', { uri })).result.contents as JsonObject[])[0]
  expect(await read('ui://page')).toMatchObject({ uri: 'ui://page', text: '<p>first</p>', _meta: { ui: {} } })
  expect(await read('signalbox://b/ui://page')).toMatchObject({ uri: 'signalbox://b/ui://page', text: '<p>second</p>' })
  expect((await ask(gateway, 'tools/call', { name: 'press', arguments: {} })).error).toMatchObject({ code: -32602 })
  await gateway.api.servers.stop({ id: 'b' as never, wait_s: 30 })
  expect((await ask(gateway, 'tools/call', { name: 'press', arguments: {} })).result).toMatchObject({
    content: [{ text: 'press' }],
  })
})

test('a tool that wants to be a legacy task is called for a client that knows nothing of that', async () => {
  await using gateway = await openTestGateway({
    everything: { command: 'node', args: [referenceServer('everything')] },
  })
  const client = await legacyClient(gateway)
  const { tools } = await client.listTools()
  const name = 'everything_simulate-research-query'
  expect(tools.find((tool) => tool.name === name)?.execution).toBeUndefined()
  const { content } = await client.callTool({ name, arguments: { topic: 'signal boxes' } })
  expect(JSON.stringify(content)).toContain('signal boxes')
  await client.close()
})

test('a call that waits for its client says so, and its questions stand on its time line', async () => {
  await using gateway = await openTestGateway({ modern: fixture('modern') })
  const client = await legacyClient(gateway)
  const { content } = await client.callTool({ name: 'modern_test_input_required_result_elicitation', arguments: {} })
  expect(content).toMatchObject([{ text: 'Hello, Ada!' }])
  await client.close()
  const { items } = await gateway.api.tasks.list({})
  const events = await gateway.api.tasks.events({ task_id: items[0]!.task_id })
  expect(
    events.items.flatMap(({ kind, data }) =>
      kind === 'child_question' ? [['question', 'answer' in data]] : kind === 'status' ? [[data.status]] : [],
    ),
  ).toEqual([['running'], ['question', false], ['input_required'], ['question', true], ['running'], ['completed']])
})

test('what is run from here is asked here, and not at a client that calls meanwhile', async () => {
  await using gateway = await openTestGateway({ legacy: fixture('legacy') })
  const client = await legacyClient(gateway)
  const abort = new AbortController()
  const began = Promise.withResolvers<void>()
  const waiting = client.callTool({ name: 'legacy_test_wait', arguments: {} }, undefined, {
    signal: abort.signal,
    onprogress: () => began.resolve(),
  })
  await began.promise
  const agent = 'legacy' as ServerId
  const action = 'test_input_required_result_elicitation'
  const { task_id } = await gateway.api.tasks.create({ agent, action, parameters: {} })
  await expect.poll(async () => (await gateway.api.questions.list()).items.length).toBe(1)
  const [question] = (await gateway.api.questions.list()).items
  await gateway.api.questions.answer({ id: question!.id, answer: { kind: 'accept', content: { name: 'the person' } } })
  await expect
    .poll(async () => (await gateway.api.tasks.get({ task_id })).result)
    .toMatchObject({
      content: [{ text: 'Hello, the person!' }],
    })
  abort.abort()
  await expect(waiting).rejects.toThrow()
  await client.close()
})

test('what only a client has is refused to what is run from here', async () => {
  await using gateway = await openTestGateway({ asks: { command: 'node', args: [ownServer('asks-back')] } })
  const { task_id } = await gateway.api.tasks.create({ agent: 'asks' as ServerId, action: 'ask', parameters: {} })
  await expect
    .poll(async () => (await gateway.api.tasks.get({ task_id })).result)
    .toMatchObject({
      content: [{ text: '{"roots/list":-32601,"sampling/createMessage":-32601,"ping":{}}' }],
    })
})

test('clients of both eras hear of a change in what they watch, from servers of both', async () => {
  await using gateway = await openTestGateway({ legacy: fixture('legacy'), modern: fixture('modern') })
  const uri = 'test://watched-resource'
  for (const era of ['legacy', 'modern']) {
    const old = await legacyClient(gateway, `/mcp/s/${era}`)
    const heard: string[] = []
    old.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(`old ${params.uri}`))
    await old.subscribeResource({ uri })
    const fresh = new ModernClient({ name: 'new', version: '1' }, { versionNegotiation: { mode: { pin: version } } })
    fresh.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void heard.push(`new ${params.uri}`),
    )
    const headers = { authorization: `Bearer ${gateway.ownerToken}` }
    await fresh.connect(new ModernTransport(new URL(`${gateway.url}/mcp/s/${era}`), { requestInit: { headers } }))
    const subscription = await fresh.listen({ resourceSubscriptions: [uri] })
    expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: [uri] })
    await old.callTool({ name: 'test_update_watched_resource', arguments: {} })
    await expect.poll(() => [...heard].sort()).toEqual([`new ${uri}`, `old ${uri}`])
    await subscription.close()
    await fresh.close()
    await old.close()
  }
})
