import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { Endpoint } from './subject.ts'

const protocolVersion = '2025-11-25'

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A client that writes JSON-RPC by hand over kept connections: what it measures is the other side. */
export class RawClient implements Disposable {
  readonly #endpoint: Endpoint
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  #session: Record<string, string> = {}
  #nextId = 1

  private constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  static async open(endpoint: Endpoint): Promise<RawClient> {
    const client = new RawClient(endpoint)
    try {
      const clientInfo = { name: 'bench', version: '1' }
      const { headers } = await client.#request('initialize', { protocolVersion, capabilities: {}, clientInfo })
      const session = headers['mcp-session-id']
      client.#session = {
        'mcp-protocol-version': protocolVersion,
        ...(typeof session === 'string' && { 'mcp-session-id': session }),
      }
      await client.#post({ jsonrpc: '2.0', method: 'notifications/initialized' })
      return client
    } catch (error) {
      client[Symbol.dispose]()
      throw error
    }
  }

  /** Names of all tools. */
  async tools(): Promise<string[]> {
    const { result } = JSON.parse((await this.#request('tools/list', {})).body)
    return result.tools.map(({ name }: { name: string }) => name)
  }

  /** One echo; rejects when anything else comes back. */
  async echo(tool: string, text: string): Promise<void> {
    const { body } = await this.#request('tools/call', { name: tool, arguments: { text } })
    const { result } = JSON.parse(body)
    if (result?.content?.[0]?.text !== text) throw new Error(`The echo came back as ${body}`)
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  async #request(method: string, params: unknown): Promise<Reply> {
    const reply = await this.#post({ jsonrpc: '2.0', id: this.#nextId++, method, params })
    if (reply.status !== 200) throw new Error(`${method} was answered with ${reply.status}: ${reply.body}`)
    const isStream = reply.headers['content-type']?.startsWith('text/event-stream') ?? false
    return isStream ? { ...reply, body: lastEvent(reply.body) } : reply
  }

  #post(message: unknown): Promise<Reply> {
    const body = JSON.stringify(message)
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const headers = {
      ...this.#endpoint.headers,
      ...this.#session,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(this.#endpoint.url, { method: 'POST', agent: this.#agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }))
    })
    sent.on('error', (cause) => {
      const connection = sent.reusedSocket ? 'kept' : 'new'
      reject(new Error(`A call of ${this.#endpoint.url} over a ${connection} connection: ${cause.message}`, { cause }))
    })
    sent.end(body)
    return promise
  }
}

/** What some peers wrap even a lone reply in, whatever was asked for. */
function lastEvent(stream: string): string {
  return stream.slice(stream.lastIndexOf('data: ') + 6).trim()
}
