import { expect, test } from 'vitest'
import { TestChild } from '../links/test-child.ts'
import { openTestGateway, type TestGateway } from './test-gateway.ts'

const version = '2026-07-28'
const meta = {
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
}
const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`

async function call(gateway: TestGateway, parameters: object, headers: Record<string, string>, tool = 'remote_region') {
  const params = { name: tool, arguments: parameters, _meta: meta }
  const response = await gateway.post(
    '/mcp',
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
    { 'mcp-protocol-version': version, 'mcp-method': 'tools/call', 'mcp-name': tool, ...headers },
  )
  const { result, error } = (await response.json()) as {
    result?: { resultType: string }
    error?: { code: number; message: string }
  }
  return [response.status, error?.code ?? result?.resultType]
}

test('an argument that a tool wants in a header has to stand there as it stands in the body, and goes on in one', async () => {
  await using child = TestChild.own('modern-http.mjs')
  await using gateway = await openTestGateway({ remote: { type: 'http', url: await child.url() } })
  const mismatch = [400, -32020]
  const complete = [200, 'complete']
  const region = (place: unknown, header?: string) =>
    call(gateway, { place }, header === undefined ? {} : { 'Mcp-Param-Region': header })
  // The server refuses what it is not told in a header of its own: what is complete came there.
  expect(await region('north', 'north')).toEqual(complete)
  expect(await region('Łódź', base64('Łódź'))).toEqual(complete)
  expect(await region('north', base64('north'))).toEqual(complete)
  expect(await region('=?base64?bm9ydGg=', '=?base64?bm9ydGg=')).toEqual(complete)
  expect(await region('north')).toEqual(mismatch)
  expect(await region('north', 'south')).toEqual(mismatch)
  expect(await region('Hello', '=?base64?SGVsbG8?=')).toEqual(mismatch)
  expect(await region('Hello', '=?base64?SGVs!!!bG8=?=')).toEqual(mismatch)
  // A header for what is not in the body says nothing.
  expect(await call(gateway, {}, { 'Mcp-Param-Region': 'south' }, 'remote_echo')).toEqual(complete)
  expect(await call(gateway, { level: 7, text: 'x' }, { 'Mcp-Param-Level': '7.0' }, 'remote_levelled')).toEqual(
    complete,
  )
  expect(await call(gateway, { level: 7, text: 'x' }, { 'Mcp-Param-Level': '8' }, 'remote_levelled')).toEqual(mismatch)
  const tasks = (await gateway.api.tasks.list({})).items
  expect(tasks.map(({ status }) => status)).toEqual(Array(6).fill('completed'))
})

test('a session of an older revision knows no such headers, and calls all the same', async () => {
  await using child = TestChild.own('modern-http.mjs')
  await using gateway = await openTestGateway({ remote: { type: 'http', url: await child.url() } })
  const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'old', version: '1' } }
  const opened = await gateway.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize })
  const answer = await gateway.post(
    '/mcp',
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'remote_region', arguments: { place: 'north' } } },
    { 'mcp-session-id': opened.headers.get('mcp-session-id')! },
  )
  expect(await answer.json()).toMatchObject({ result: { content: [{ text: 'done' }] } })
})
