import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestGateway, ownServer, type TestGateway } from '../gateway/test-gateway.ts'
import { readPlainRequest } from './plain-request.ts'

const version = '2026-07-28'
const meta = {
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
}

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openTestGateway({ echo: { command: 'node', args: [ownServer('echo')] } })
})
afterAll(() => gateway[Symbol.asyncDispose]())

/** The bytes of a call of the echo tool. */
function callOf(text: string, token = gateway.ownerToken): string {
  return requestOf('tools/call', { name: 'echo_echo', arguments: { text } }, text, token)
}

function requestOf(method: string, params: object, id: string, token = gateway.ownerToken): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } })
  return [
    'POST /mcp HTTP/1.1',
    `Host: 127.0.0.1:${new URL(gateway.url).port}`,
    `Authorization: Bearer ${token}`,
    'Accept: application/json, text/event-stream',
    'Content-Type: application/json',
    `MCP-Protocol-Version: ${version}`,
    `Mcp-Method: ${method}`,
    'Mcp-Name: echo_echo',
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ].join('\r\n')
}

const chunked = (call: string): string => {
  const [head, body] = call.split('\r\n\r\n') as [string, string]
  const framed = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`
  return `${head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked')}\r\n\r\n${framed}`
}

/** A connection, and what came back on it. */
class Line {
  readonly socket: Socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').setEncoding('utf8')
  #got = ''
  #wake = Promise.withResolvers<void>()

  constructor() {
    const wake = (): void => {
      this.#wake.resolve()
      this.#wake = Promise.withResolvers()
    }
    this.socket.on('data', (text: string) => {
      this.#got += text
      wake()
    })
    this.socket.on('close', wake)
  }

  /** What came once it holds all of these. */
  async until(...texts: string[]): Promise<string> {
    while (!texts.every((text) => this.#got.includes(text))) {
      if (this.socket.destroyed) throw new Error(`closed after ${this.#got}`)
      await this.#wake.promise
    }
    return this.#got
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

const echoOf = (text: string): string => `{"type":"text","text":"${text}"}`

test('calls are answered on one connection, in whatever pieces they come', async () => {
  using line = new Line()
  line.socket.write(callOf('first') + callOf('second'))
  const both = await line.until(echoOf('first'), echoOf('second'))
  expect(both.indexOf(echoOf('first'))).toBeLessThan(both.indexOf(echoOf('second')))
  expect(both).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: keep-alive\r\n/s)
  const bytes = Buffer.from(callOf('third, ü'))
  line.socket.setNoDelay(true)
  line.socket.write(bytes.subarray(0, 40))
  // An answer on another connection shows that the piece was read by itself.
  await gateway.post('/mcp', {})
  line.socket.write(bytes.subarray(40, bytes.length - 30))
  await gateway.post('/mcp', {})
  line.socket.write(bytes.subarray(bytes.length - 30))
  await line.until(echoOf('third, ü'))
})

test('what is not plain is answered on the same connection by the other reader', async () => {
  using line = new Line()
  line.socket.write(callOf('plain'))
  await line.until(echoOf('plain'))
  line.socket.write(chunked(callOf('in chunks')))
  await line.until(echoOf('in chunks'))
  line.socket.write(callOf('plain again'))
  await line.until(echoOf('plain again'))
  line.socket.write(
    `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${new URL(gateway.url).port}\r\nConnection: close\r\n\r\n`,
  )
  await line.until('Connection: close')
})

test('a token that is revoked opens nothing more, on a connection that it had opened, too', async () => {
  const token = gateway.book.issue('leaving')
  using line = new Line()
  // As long as each other: the heads are the same to the letter, and a head is judged once.
  const [before, after] = ['while it holds', 'now it is gone']
  line.socket.write(callOf(before, token))
  await line.until(echoOf(before))
  gateway.book.revoke(token)
  line.socket.write(callOf(after, token))
  expect(await line.until('HTTP/1.1 401 Unauthorized')).not.toContain(echoOf(after))
})

test('what is said before an answer comes as a stream', async () => {
  using line = new Line()
  line.socket.write(requestOf('subscriptions/listen', { notifications: { toolsListChanged: true } }, 'streamed'))
  expect(await line.until('text/event-stream', 'notifications/')).toContain('Transfer-Encoding: chunked')
})

test('only what every reader reads alike is plain', () => {
  const plain = 'POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}'
  const kind = (text: string): string => readPlainRequest(Buffer.from(text, 'latin1'), null).kind
  expect(kind(plain)).toBe('request')
  for (let end = 1; end < plain.length; end++) expect(kind(plain.slice(0, end))).toBe('partial')
  for (const odd of [
    plain.replace('POST', 'GET'),
    plain.replace('/mcp', '/mcp/../api'),
    plain.replace('/mcp', '/mcp?a'),
    plain.replace('1.1', '1.0'),
    plain.replace('Host: a', 'Host: a\r\nHost: b'),
    plain.replace('Host: a', 'Host: a\r\n b'),
    plain.replace('Host: a', 'Host : a'),
    plain.replace('Host: a', 'Host: a\n'),
    plain.replace('Host: a', 'Host: a\0'),
    plain.replace('Host: a', 'Host: a\r\nExpect: 100-continue'),
    plain.replace('Host: a', 'Host: a\r\nConnection: close'),
    plain.replace('Host: a', 'Host: a\r\nTransfer-Encoding: chunked'),
    plain.replace('Content-Length: 2', 'Content-Length: +2'),
    plain.replace('Content-Length: 2', 'Content-Length: 2, 2'),
    plain.replace('Content-Length: 2', 'Content-Length: 2\r\nContent-Length: 3'),
    plain.replace('Content-Length: 2', 'Content-Length: 99999'),
    plain.replace('Content-Length: 2', 'X: 2'),
  ]) {
    expect([odd, kind(odd)]).toEqual([odd, 'other'])
  }
})
