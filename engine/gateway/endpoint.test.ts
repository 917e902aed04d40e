import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import type { Profile } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import { openTestGateway, ownServer, type TestGateway } from './test-gateway.ts'

const echo = { command: 'node', args: [ownServer('echo')] }
const odd = { command: 'node', args: [ownServer('odd-json')] }

const version = '2026-07-28'
const meta = {
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
}
const initialize = {
  jsonrpc: '2.0',
  id: 'i',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
}

const request = (method: string, params: object = {}, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const read = async (response: Response) => JSON.parse(await response.text())

/** Headers of a session that was opened with them. */
async function openSession(gateway: TestGateway, path: string, headers: Record<string, string> = {}) {
  const response = await gateway.post(path, initialize, headers)
  return { ...headers, 'mcp-session-id': response.headers.get('mcp-session-id')! }
}

/** Sends a modern request; its name goes into the header as clients do it. */
function postModern(gateway: TestGateway, method: string, params: Record<string, unknown> = {}, headers = {}) {
  const name: Record<string, string> = typeof params.name === 'string' ? { 'mcp-name': params.name } : {}
  const own = { 'mcp-protocol-version': version, 'mcp-method': method, ...name, ...headers }
  return gateway.post('/mcp', request(method, { _meta: meta, ...params }), own)
}

test('what is not ours passes to the letter, in both directions', async () => {
  await using gateway = await openTestGateway({ odd })
  const session = await openSession(gateway, '/mcp/s/odd')
  const call = async (params: string) => {
    const body = `{"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":${params}}`
    return (await gateway.post('/mcp/s/odd', body, session)).text()
  }
  expect(await call('{"name":"exact"}')).toBe(
    '{"jsonrpc":"2.0","id":1.0,"result":{"content":[{"type":"hologram","depth":1.50}],"2":1,"1":10000000000000000000001,"structuredContent":{"e":1e2,"_":null},"x-new":[ 1.0 ]}}',
  )
  const sent =
    '{"name":"params","arguments":{"2":1.0,"1":1e400,"n":10000000000000000000001}, "x" :[ ],"_meta":{"a":1.0}}'
  expect(JSON.parse(await call(sent)).result.content[0].text).toContain(`"method":"tools/call","params":${sent}`)
})

test('a definition of a tool is listed as its server spells it, but for what may be read in two ways', async () => {
  await using gateway = await openTestGateway({ odd })
  const session = await openSession(gateway, '/mcp')
  const text = await (await gateway.post('/mcp', request('tools/list'), session)).text()
  expect(text).toContain(
    '{"name":"odd_spelt","inputSchema":{"type":"object","properties":{"n":{"maximum":10000000000000000000001,"default":1.0}}},"x-new":1e2}',
  )
  expect(text).toContain('{"name":"odd_repeats","inputSchema":{"type":"object"},"x-new":2}')
})

test('what two readers may read in two ways is refused, whoever sends it', async () => {
  await using gateway = await openTestGateway({ odd })
  const session = await openSession(gateway, '/mcp/s/odd')
  for (const [name, code] of [
    ['twice', 'duplicate_key'],
    ['proto', 'proto_key'],
    ['deep', 'invalid_answer'],
  ]) {
    const response = await gateway.post('/mcp/s/odd', request('tools/call', { name }), session)
    expect(await response.json()).toMatchObject({ error: { code: -32603, data: { code: 'invalid_answer' } } })
    const { items } = await gateway.api.tasks.list({ action: [name!] })
    const task = await gateway.api.tasks.get({ task_id: items[0]!.task_id })
    if (code !== 'invalid_answer') expect(task).toMatchObject({ status: 'failed', error: { details: code } })
  }
  for (const params of [
    '{"name":"exact","name":"params"}',
    '{"__proto__":1}',
    `{"a":${'['.repeat(300)}${']'.repeat(300)}}`,
  ]) {
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`
    const response = await gateway.post('/mcp/s/odd', body, session)
    expect([response.status, (await read(response)).error.code]).toEqual([400, -32600])
  }
})

test('a session belongs to its token and its path, and ends when it is told to', async () => {
  await using gateway = await openTestGateway({ echo })
  const one = bearer(gateway.book.issue('one'))
  const two = bearer(gateway.book.issue('two'))
  const session = await openSession(gateway, '/mcp', one)
  const statusOf = async (path: string, headers: Record<string, string>, body: unknown = request('ping')) =>
    (await gateway.post(path, body, headers)).status
  expect(await statusOf('/mcp', session)).toBe(200)
  expect(await statusOf('/mcp', { ...session, ...two })).toBe(404)
  expect(await statusOf('/mcp/s/echo', session)).toBe(404)
  expect(await statusOf('/mcp', one)).toBe(400)
  expect(await statusOf('/mcp', { ...session, 'mcp-protocol-version': '1999-01-01' })).toBe(400)
  expect(await statusOf('/mcp', session, { jsonrpc: '2.0', method: 'notifications/initialized' })).toBe(202)
  expect(await statusOf('/mcp', session, [request('ping', {}, 1), request('nothing', {}, 2)])).toBe(200)
  expect((await fetch(`${gateway.url}/mcp`, { method: 'DELETE', headers: session })).status).toBe(204)
  expect(await statusOf('/mcp', session)).toBe(404)
})

test('a modern request that breaks a rule is refused by the code for it', async () => {
  await using gateway = await openTestGateway({ echo })
  const outcome = async (response: Promise<Response>) => {
    const { status, headers } = await response.then((r) => r)
    const { error } = await read(await response)
    return [status, error?.code, headers.get('mcp-session-id')]
  }
  const list = request('tools/list', { _meta: meta })
  const ok = { 'mcp-protocol-version': version, 'mcp-method': 'tools/list' }
  const post = (body: unknown, headers: Record<string, string>) => outcome(gateway.post('/mcp', body, headers))
  expect(await post(list, ok)).toEqual([200, undefined, null])
  expect(await post(list, {})).toEqual([400, -32020, null])
  expect(await post(list, { ...ok, 'mcp-method': 'tools/call' })).toEqual([400, -32020, null])
  expect(await post(list, { ...ok, 'mcp-protocol-version': '2025-11-25' })).toEqual([400, -32020, null])
  expect(await post(request('tools/list'), ok)).toEqual([400, -32602, null])
  const later = { ...meta, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
  const asLater = { ...ok, 'mcp-protocol-version': '2099-01-01' }
  expect(await post(request('tools/list', { _meta: later }), asLater)).toEqual([400, -32022, null])
  expect(await outcome(postModern(gateway, 'ping'))).toEqual([404, -32601, null])
  expect(await outcome(postModern(gateway, 'tools/call', { name: 'nobody_x' }))).toEqual([200, -32602, null])
  const wrongName = postModern(gateway, 'tools/call', { name: 'echo_echo' }, { 'mcp-name': 'echo_fail' })
  expect(await outcome(wrongName)).toEqual([400, -32020, null])
})

test('a modern result says what it is, whose it is, and how long a list is good', async () => {
  await using gateway = await openTestGateway({ echo })
  const result = async (response: Promise<Response>) => (await read(await response)).result
  const serverInfo = { 'io.modelcontextprotocol/serverInfo': { name: 'signalbox' } }
  expect(await result(postModern(gateway, 'server/discover'))).toMatchObject({
    resultType: 'complete',
    supportedVersions: [version],
    capabilities: { tools: { listChanged: true } },
    cacheScope: 'private',
    _meta: serverInfo,
  })
  expect(await result(postModern(gateway, 'tools/list'))).toMatchObject({
    resultType: 'complete',
    ttlMs: expect.any(Number),
    cacheScope: 'private',
    _meta: serverInfo,
  })
  const call = postModern(gateway, 'tools/call', { name: 'echo_echo', arguments: { text: 'hi' } })
  expect(await result(call)).toMatchObject({ resultType: 'complete', content: [{ text: 'hi' }], _meta: serverInfo })
})

test('a client sees what its profile grants, and hears when that changes', async () => {
  await using gateway = await openTestGateway({ echo, odd })
  const profile = (tools_off: string[]): Profile =>
    ({ id: 'p', name: 'P', others: 'off', servers: [{ server: 'echo', is_on: true, tools_off }] }) as unknown as Profile
  gateway.book.setProfile(profile(['crash', 'big', 'slow']))
  const session = await openSession(gateway, '/mcp', bearer(gateway.book.issue('narrow', 'p')))
  const names = async () => {
    const { result } = await read(await gateway.post('/mcp', request('tools/list'), session))
    return result.tools.map(({ name }: { name: string }) => name)
  }
  expect(await names()).toEqual(['echo_echo', 'echo_fail'])
  const refused = await gateway.post('/mcp', request('tools/call', { name: 'echo_crash' }), session)
  expect(await refused.json()).toMatchObject({ error: { code: -32602, message: 'Unknown tool: echo_crash' } })
  expect((await gateway.post('/mcp/p/p', initialize)).status).toBe(200)
  expect((await gateway.post('/mcp/p/q', initialize, session)).status).toBe(403)

  const stream = await fetch(`${gateway.url}/mcp`, { headers: { ...session, accept: 'text/event-stream' } })
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  gateway.book.setProfile(profile(['crash', 'big', 'slow', 'fail']))
  let heard = ''
  while (!heard.includes('"method":"notifications/tools/list_changed"')) heard += (await reader.read()).value
  gateway.book.revoke('token-of-narrow')
  while (!(await reader.read()).done);
  gateway.book.issue('narrow', 'p')
  const again = await openSession(gateway, '/mcp', bearer('token-of-narrow'))
  const { result } = await read(await gateway.post('/mcp', request('tools/list'), again))
  expect(result.tools.map(({ name }: { name: string }) => name)).toEqual(['echo_echo'])
})

test('a stream of changes hears what its token may reach, and ends with the token', async () => {
  await using gateway = await openTestGateway({ echo })
  const { book } = gateway
  const profile = (tools_off: string[]): Profile => ({
    id: 'work' as Profile['id'],
    name: 'Work',
    others: 'off',
    servers: [{ server: 'echo' as ServerId, is_on: true, tools_off }],
  })
  book.setProfile(profile([]))
  const token = book.issue('modern', 'work')
  const wanted = { notifications: { toolsListChanged: true } }
  const stream = await postModern(gateway, 'subscriptions/listen', wanted, bearer(token))
  const events = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => JSON.parse(/data: (.*)/.exec((await events.read()).value ?? '')?.[1] ?? 'null')
  expect(await next()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' })
  book.setProfile(profile(['echo']))
  expect(await next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  book.revoke(token)
  expect(await next()).toMatchObject({ id: 1, result: { resultType: 'complete' } })
  expect(await events.read()).toEqual({ done: true, value: undefined })
})

test('of a server that its profile does not grant, a client learns nothing at all', async () => {
  await using gateway = await openTestGateway({ echo })
  const { book } = gateway
  book.setProfile({ id: 'none' as Profile['id'], name: 'None', others: 'off', servers: [] })
  const response = await gateway.post('/mcp/s/echo', initialize, bearer(book.issue('other', 'none')))
  expect([response.status, response.headers.get('mcp-session-id')]).toEqual([403, null])
})

test("a client's token opens the gateway and its own tasks, and nothing else", async () => {
  await using gateway = await openTestGateway({ echo })
  const mine = bearer(gateway.book.issue('mine'))
  const other = bearer(gateway.book.issue('other'))
  for (const headers of [mine, other]) {
    const session = await openSession(gateway, '/mcp', headers)
    await gateway.post('/mcp', request('tools/call', { name: 'echo_echo', arguments: { text: 'hi' } }), session)
  }
  const ask = async (path: string, headers: Record<string, string>) =>
    fetch(`${gateway.url}/api/v1${path}`, { headers })
  const { items } = await read(await ask('/tasks?origin=client:other', mine))
  expect(items).toMatchObject([{ origin: 'client:mine', status: 'completed' }])
  expect((await ask(`/tasks/${items[0].task_id}`, mine)).status).toBe(200)
  expect((await ask(`/tasks/${items[0].task_id}`, other)).status).toBe(404)
  for (const path of [
    '/servers',
    '/tasks/facets',
    `/tasks/${items[0].task_id}/events`,
    '/snapshot',
    '/logs',
    '/secrets',
  ]) {
    expect([path, (await ask(path, mine)).status]).toEqual([path, 403])
  }
  const call = { method: 'POST', headers: { ...mine, 'content-type': 'application/json' }, body: '{}' }
  expect((await fetch(`${gateway.url}/api/v1/tasks`, call)).status).toBe(403)
  gateway.book.revoke('token-of-mine')
  expect((await gateway.post('/mcp', initialize, mine)).status).toBe(401)
})

test('a call to a server that sleeps wakes it, one to a server that is off is refused in words', async () => {
  const sleepy = { ...echo, signalbox: { idle_stop_s: 1 } }
  await using gateway = await openTestGateway({ sleepy, echo })
  const session = await openSession(gateway, '/mcp')
  await vi.waitUntil(async () => (await gateway.api.servers.get({ id: 'sleepy' as never })).state === 'asleep', 20_000)
  const list = await (await gateway.post('/mcp', request('tools/list'), session)).text()
  expect(list).toContain('sleepy_echo')
  const woken = await gateway.post(
    '/mcp',
    request('tools/call', { name: 'sleepy_echo', arguments: { text: 'up' } }),
    session,
  )
  expect(await woken.json()).toMatchObject({ result: { content: [{ text: 'up' }] } })
  await gateway.api.servers.stop({ id: 'echo' as never, wait_s: 30 })
  const off = await gateway.post('/mcp', request('tools/call', { name: 'echo_echo', arguments: {} }), session)
  expect(await off.json()).toMatchObject({ error: { message: 'Unknown tool: echo_echo' } })
})

test('a client that reads nothing and a server that answers nothing hold nobody else up', async () => {
  await using gateway = await openTestGateway({ echo, stuck: { ...echo, signalbox: { timeout_ms: 900_000 } } })
  const session = await openSession(gateway, '/mcp')
  const long = gateway.post(
    '/mcp',
    request('tools/call', { name: 'stuck_slow', arguments: { step_ms: 600_000 } }, 'stuck'),
    session,
  )
  const body = JSON.stringify(request('tools/call', { name: 'echo_big', arguments: { bytes: 6_000_000 } }, 'big'))
  const deaf = connect(Number(new URL(gateway.url).port), '127.0.0.1')
  const headers = { host: new URL(gateway.url).host, ...bearer(gateway.ownerToken), ...session }
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json',
    'content-length': String(body.length),
  })
  deaf.pause()
  deaf.write(`POST /mcp HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`)
  const done = async () => (await gateway.api.tasks.list({ status: ['completed'], action: ['big'] })).items.length === 1
  await vi.waitUntil(done, 20_000)
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const call = request('tools/call', { name: 'echo_echo', arguments: { text: String(index) } }, index)
      return (await read(await gateway.post('/mcp', call, session))).result.content[0].text
    }),
  )
  expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => String(index)))
  deaf.destroy()
  await gateway.post(
    '/mcp',
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'stuck' } },
    session,
  )
  // Signs of life may have come, an answer may not.
  expect(await (await long).text()).not.toContain('data:')
})
