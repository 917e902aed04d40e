import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { expect, test } from 'vitest'
import { openTestGateway, ownServer, type TestGateway } from '../gateway/test-gateway.ts'
import { mostPerClient } from './client-connections.ts'

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'many', version: '1' } },
})

/** Connections of one client, each of them kept open. */
class Connections implements Disposable {
  readonly #gateway: TestGateway
  readonly #token: string
  readonly #agents: Agent[] = []

  constructor(gateway: TestGateway, token: string) {
    this.#gateway = gateway
    this.#token = token
  }

  /** A request on a connection of its own; `chunked`: as only Node's server reads it. */
  async post(how: 'plain' | 'chunked'): Promise<IncomingMessage> {
    const length: Record<string, string> = how === 'plain' ? { 'content-length': String(initialize.length) } : {}
    const response = await this.#send('POST', { 'content-type': 'application/json', ...length }, initialize)
    return response
  }

  stream(session: string): Promise<IncomingMessage> {
    return this.#send('GET', { accept: 'text/event-stream', 'mcp-session-id': session })
  }

  closeOne(): void {
    this.#agents.shift()!.destroy()
  }

  [Symbol.dispose](): void {
    for (const agent of this.#agents) agent.destroy()
  }

  async #send(method: string, headers: Record<string, string>, body?: string): Promise<IncomingMessage> {
    const agent = new Agent({ keepAlive: true })
    this.#agents.push(agent)
    const authorization = `Bearer ${this.#token}`
    const accept = 'application/json, text/event-stream'
    const sent = request(`${this.#gateway.url}/mcp`, { method, agent, headers: { authorization, accept, ...headers } })
    if (body !== undefined) sent.write(body)
    sent.end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    if (method === 'POST') response.resume()
    return response
  }
}

test('a client that holds too many connections open is refused another, and no other client is', async () => {
  await using gateway = await openTestGateway({ echo: { command: 'node', args: [ownServer('echo')] } })
  using many = new Connections(gateway, gateway.book.issue('many'))
  using other = new Connections(gateway, gateway.book.issue('other'))
  const first = await many.post('plain')
  const session = String(first.headers['mcp-session-id'])
  expect((await many.stream(session)).statusCode).toBe(200)
  for (let open = 2; open < mostPerClient; open++) {
    expect((await many.post(open % 2 === 0 ? 'plain' : 'chunked')).statusCode).toBe(200)
  }
  for (const how of ['plain', 'chunked'] as const) {
    const refused = await many.post(how)
    expect([refused.statusCode, refused.headers.connection]).toEqual([429, 'close'])
  }
  expect((await many.stream(session)).statusCode).toBe(429)
  expect((await other.post('plain')).statusCode).toBe(200)
  many.closeOne()
  await expect.poll(async () => (await many.post('plain')).statusCode, { timeout: 20_000 }).toBe(200)
})
