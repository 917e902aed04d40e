import assert from 'node:assert/strict'
import { objectText } from './any-json.ts'
import { type Exchange, errorText, paramsText, progressOf } from './exchange.ts'
import { at, type OrderedJson, readOrdered, without, writeOrdered } from './ordered-json.ts'
import type { TextClient, TextReply } from './text-client.ts'

type Era = 'legacy' | 'modern'

/** One way into the gateway. */
export interface Door {
  readonly name: string
  readonly path: string
  readonly era: Era
  /** Passes one exchange through and compares; resolves to the number of messages in it. */
  pass(client: TextClient, exchange: Exchange): Promise<number>
}

export const doors: readonly Door[] = [
  door('one server, legacy client', '/mcp/s/verbatim', 'legacy', 'say'),
  door('one server, modern client', '/mcp/s/verbatim', 'modern', 'say'),
  door('all servers, legacy client', '/mcp', 'legacy', 'verbatim_say'),
]

const legacyVersion = '2025-11-25'
const modernVersion = '2026-07-28'
const metaPrefix = 'io.modelcontextprotocol/'

/** A legacy client opens a session; a modern one has nothing to open. */
export async function openDoor(client: TextClient, era: Era): Promise<void> {
  if (era === 'modern') return client.carry({ 'mcp-protocol-version': modernVersion })
  const clientInfo = { name: 'figure', version: '1' }
  const params = { protocolVersion: legacyVersion, capabilities: {}, clientInfo }
  const { headers, status } = await client.post(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
  assert.equal(status, 200, 'initialize')
  const session = headers['mcp-session-id']
  client.carry({
    'mcp-protocol-version': legacyVersion,
    ...(typeof session === 'string' && { 'mcp-session-id': session }),
  })
  await client.post('{"jsonrpc":"2.0","method":"notifications/initialized"}')
}

function door(title: string, path: string, era: Era, name: string): Door {
  let lastId = 0
  return {
    name: title,
    path,
    era,
    async pass(client, exchange) {
      const id = lastId++ % 2 === 0 ? String(lastId) : `"id ${lastId}"`
      const params = paramsText(exchange, name, era === 'modern' ? envelope : [])
      const body = `{ "jsonrpc":"2.0","id":${id},\n"method":"${exchange.method}","params":${params}}`
      const reply = await client.post(body, era === 'modern' ? mirrored(exchange, name) : {})
      compare(exchange, params, id, reply)
      return reply.messages.length + 1
    },
  }
}

const envelope = [
  [`${metaPrefix}protocolVersion`, JSON.stringify(modernVersion)],
  [`${metaPrefix}clientCapabilities`, '{}'],
  [`${metaPrefix}clientInfo`, '{"name":"figure","version":"1"}'],
] as const

function mirrored({ method }: Exchange, name: string): Record<string, string> {
  const names = { 'tools/call': name, 'prompts/get': name, 'resources/read': 'verbatim://say' }
  const mirror = method === 'completion/complete' ? undefined : names[method]
  return { 'mcp-method': method, ...(mirror !== undefined && { 'mcp-name': mirror }) }
}

function compare(exchange: Exchange, params: string, id: string, { status, messages }: TextReply): void {
  const said = messages.map((text) => readOrdered(text))
  const answer = said.pop()
  assert.ok(answer, `an answer (status ${status})`)
  equal(at(answer, 'id'), readOrdered(id), 'the id')
  const { token } = exchange
  const told = progressOf(exchange).map((members) => objectText([['progressToken', token!], ...members]))
  assert.deepEqual(
    said.map((message) => written(at(message, 'params'))),
    told.map((text) => written(readOrdered(text))),
    'progress, before the answer and in its order',
  )
  if (exchange.answer.kind === 'error') {
    const error = at(answer, 'error')
    assert.ok(error, `an error, not ${messages.at(-1)}`)
    equal(without(error, 'data', 'seen'), readOrdered(errorText(null, exchange.answer.members)), 'the error')
    seenEqual(at(error, 'data', 'seen'), params)
  } else {
    const result = at(answer, 'result')
    assert.ok(result, `a result, not ${messages.at(-1)}`)
    equal(notOurs(without(result, 'seen')), notOurs(readOrdered(exchange.answer.text)), 'the result')
    seenEqual(at(result, 'seen'), params)
  }
}

/** What the server read is what the client wrote. */
function seenEqual(seen: OrderedJson | undefined, params: string): void {
  assert.ok(seen?.kind === 'string', 'the line that the server read')
  equal(asSent(at(readOrdered(seen.value), 'params')!), asSent(readOrdered(params)), 'what the server read')
}

/** Without what the gateway owns in a request: the name that it serves a tool or a prompt under, its progress token, the envelope. */
function asSent(params: OrderedJson): OrderedJson {
  const own = [
    'progressToken',
    ...['protocolVersion', 'clientCapabilities', 'clientInfo'].map((key) => metaPrefix + key),
  ]
  const bare = own.reduce((json, key) => without(json, '_meta', key), without(without(params, 'name'), 'ref', 'name'))
  const meta = at(bare, '_meta')
  return meta?.kind === 'object' && meta.members.length === 0 ? without(bare, '_meta') : bare
}

/** Without what the gateway owns in a result of the modern era. */
function notOurs(result: OrderedJson): OrderedJson {
  const own = ['resultType', 'ttlMs', 'cacheScope']
  const bare = own.reduce((json, key) => without(json, key), without(result, '_meta', `${metaPrefix}serverInfo`))
  const meta = at(bare, '_meta')
  return meta?.kind === 'object' && meta.members.length === 0 ? without(bare, '_meta') : bare
}

function equal(actual: OrderedJson | undefined, expected: OrderedJson, what: string): void {
  assert.equal(written(actual), written(expected), what)
}

const written = (json: OrderedJson | undefined): string | undefined => json && writeOrdered(json)
