import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface TextReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Each message of the response as it was written, in their order. */
  readonly messages: string[]
}

/** Posts JSON-RPC as text and gives back text: nothing is read on the way. */
export class TextClient implements Disposable {
  readonly #url: string
  readonly #headers: Record<string, string>
  readonly #agent = new Agent({ keepAlive: true })

  constructor(url: string, token: string) {
    this.#url = url
    this.#headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    }
  }

  /** What every later message carries. */
  carry(headers: Record<string, string>): void {
    Object.assign(this.#headers, headers)
  }

  post(body: string, headers: Record<string, string> = {}): Promise<TextReply> {
    const { promise, resolve, reject } = Promise.withResolvers<TextReply>()
    const all = { ...this.#headers, ...headers, 'content-length': Buffer.byteLength(body) }
    const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers: all }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('error', reject).on('end', () => {
        const isStream = response.headers['content-type']?.startsWith('text/event-stream') ?? false
        const messages = isStream ? eventsIn(text) : [text]
        resolve({ status: response.statusCode!, headers: response.headers, messages })
      })
    })
    sent.on('error', reject).end(body)
    return promise
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** The texts of all events that have one: a first event may only name an id. */
function eventsIn(stream: string): string[] {
  return stream.split(/\r?\n\r?\n/).flatMap((event) => {
    const data = event.split(/\r?\n/).filter((line) => line.startsWith('data:'))
    const text = data.map((line) => line.slice(5)).join('\n')
    return text.trim() === '' ? [] : [text]
  })
}
