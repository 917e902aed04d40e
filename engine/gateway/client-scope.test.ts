import { expect, test } from 'vitest'
import { openTestGateway, ownServer, type TestGateway } from './test-gateway.ts'

const echo = { command: 'node', args: [ownServer('echo')] }
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'old', version: '1' } },
}
const ping = { jsonrpc: '2.0', id: 2, method: 'ping' }

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function statusOf(gateway: TestGateway, token: string, path: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(`${gateway.url}${path}`, { ...init, headers: bearer(token) })).status
}

test('the token of a client opens the gateway and its own tasks, and nothing of the owner', async () => {
  await using gateway = await openTestGateway({ echo })
  const [one, other] = [gateway.book.issue('one'), gateway.book.issue('other')]
  const session = await begin(gateway, one)
  const call = { name: 'echo_echo', arguments: { text: 'hi' } }
  const called = await gateway.post(
    '/mcp',
    { jsonrpc: '2.0', id: 3, method: 'tools/call', params: call },
    { ...bearer(one), 'mcp-session-id': session },
  )
  expect([called.status, await called.text()]).toEqual([200, expect.stringContaining('hi')])
  const [task] = (await gateway.api.tasks.list({})).items
  const path = `/api/v1/tasks/${task!.task_id}`
  expect(await Promise.all([statusOf(gateway, one, path), statusOf(gateway, other, path)])).toEqual([200, 404])
  for (const [token, count] of [
    [one, 1],
    [other, 0],
  ] as const) {
    const listed = await fetch(`${gateway.url}/api/v1/tasks`, { headers: bearer(token) })
    expect(((await listed.json()) as { items: unknown[] }).items).toHaveLength(count)
  }
  for (const [method, of] of [
    ['GET', '/api/v1/servers'],
    ['GET', `${path}/events`],
    ['GET', '/api/v1/tasks/facets'],
    ['POST', '/api/v1/tasks'],
    ['DELETE', path],
    ['POST', '/api/v1/servers/echo/approve'],
    ['PUT', '/api/v1/servers/echo/config'],
  ]) {
    expect([method, of, await statusOf(gateway, one, of!, { method: method! })]).toEqual([method, of, 403])
  }
})

test('a session is found by the client and on the path that opened it', async () => {
  await using gateway = await openTestGateway({ echo })
  const [one, other] = [gateway.book.issue('one'), gateway.book.issue('other')]
  const session = { 'mcp-session-id': await begin(gateway, one) }
  const answers = [
    await gateway.post('/mcp', ping, { ...bearer(one), ...session }),
    await gateway.post('/mcp', ping, { ...bearer(other), ...session }),
    await gateway.post('/mcp', ping, session),
    await gateway.post('/mcp/s/echo', ping, { ...bearer(one), ...session }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 404])
})

test('a page opens no gateway', async () => {
  await using gateway = await openTestGateway({ echo })
  const { url } = (await (
    await fetch(`${gateway.url}/api/v1/page-links`, { method: 'POST', headers: bearer(gateway.ownerToken) })
  ).json()) as { url: string }
  const { headers } = await fetch(url, { redirect: 'manual' })
  const cookie = headers.get('set-cookie')!.split(';')[0]!
  const ask = async (path: string): Promise<number> =>
    (await fetch(`${gateway.url}${path}`, { headers: { cookie } })).status
  expect([await ask('/api/v1/servers'), await ask('/mcp')]).toEqual([200, 401])
})

async function begin(gateway: TestGateway, token: string): Promise<string> {
  const response = await gateway.post('/mcp', initialize, bearer(token))
  return response.headers.get('mcp-session-id')!
}
