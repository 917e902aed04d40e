import { AppError, failureOf } from '../../shared/app-error.ts'
import { HttpConnections, readBody } from './http-exchange.ts'
import { isAboutIdentity, mediaType, notMcp, statusFailure } from './http-failure.ts'
import type { Remote } from './http-transport.ts'
import type { Outgoing } from './outgoing.ts'
import { readText } from './read-message.ts'
import { readEvents, type SseEvent } from './sse-reader.ts'
import type { Transport, TransportSink } from './transport.ts'

const MAX_ERROR_BYTES = 64 * 1024

/** The old HTTP+SSE: one stream for all that comes, and POSTs to the address that its first event names. */
export class SseTransport implements Transport {
  readonly renewals = 0
  readonly #connections: HttpConnections
  readonly #headers: Record<string, string>
  readonly #maxBytes: number
  readonly #sink: TransportSink
  readonly #life = new AbortController()
  #endpoint: URL | null = null

  constructor(remote: Remote, options: { maxMessageBytes: number }, sink: TransportSink) {
    this.#connections = new HttpConnections(remote.url, remote.authorizer)
    this.#headers = remote.headers
    this.#maxBytes = options.maxMessageBytes
    this.#sink = sink
  }

  /** Opens the stream and waits for the address to post to. Rejects with an AppError. */
  async open(limits: { timeoutMs: number; signal: AbortSignal | undefined }): Promise<void> {
    const late = AbortSignal.timeout(Math.ceil(limits.timeoutMs))
    const stop = AbortSignal.any([late, ...(limits.signal ? [limits.signal] : [])])
    const { promise: stopped, reject } = Promise.withResolvers<never>()
    const onStop = () =>
      reject(late.aborted ? silent(this.#connections.url) : new AppError('cancelled', 'The start was cancelled'))
    if (stop.aborted) onStop()
    else stop.addEventListener('abort', onStop, { once: true })
    await Promise.race([this.#start(), stopped])
    stop.removeEventListener('abort', onStop)
  }

  send(message: Outgoing, requestId: number | null): Promise<void> {
    if (this.#life.signal.aborted || this.#endpoint === null)
      throw new AppError('link_closed', 'The connection is closed')
    return this.#post(this.#endpoint, message, requestId)
  }

  giveUp(): boolean {
    return false
  }

  unfinished(): null {
    return null
  }

  async takesInput(): Promise<boolean> {
    return true
  }

  established(): void {}

  toolsListed(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort()
    this.#connections[Symbol.dispose]()
  }

  async #start(): Promise<void> {
    const { url } = this.#connections
    const headers = { ...this.#headers, accept: 'text/event-stream' }
    const response = await this.#connections.exchange({ method: 'GET', headers, signal: this.#life.signal })
    this.#sink.firstByte()
    const type = mediaType(response)
    if (response.statusCode !== 200 || type !== 'text/event-stream') {
      response.resume()
      const failure = response.statusCode === 200 ? notMcp(type, url) : statusFailure(response, url)
      throw new AppError(failure.code, failure.message, { hint: failure.hint })
    }
    const events = readEvents(response, this.#maxBytes)
    const first = await events.next()
    if (first.done || first.value.type !== 'endpoint') {
      throw new AppError('not_mcp', `${url.href} streams events, but none that names an endpoint`, {
        hint: 'Check the address.',
      })
    }
    this.#endpoint = readEndpoint(first.value.data, url)
    void this.#read(events)
  }

  async #read(events: AsyncGenerator<SseEvent>): Promise<void> {
    try {
      for await (const event of events) for (const inbound of readText(event.data)) this.#sink.receive(inbound)
      this.#sink.closed({
        code: 'connection_lost',
        message: 'The server ended its event stream',
        hint: 'Start it again.',
      })
    } catch (error) {
      if (!this.#life.signal.aborted) this.#sink.closed(failureOf(error))
    }
  }

  async #post(endpoint: URL, message: Outgoing, requestId: number | null): Promise<void> {
    const headers = { ...this.#headers, 'content-type': 'application/json' }
    const body = message.text
    const init = { method: 'POST', headers, body, signal: this.#life.signal } as const
    const response = await this.#connections.exchange(init, endpoint)
    if ((response.statusCode ?? 0) < 300) return void response.resume()
    const failure = statusFailure(response, endpoint)
    const raw = await readBody(response, MAX_ERROR_BYTES)
    if (requestId === null) throw new AppError(failure.code, failure.message, { hint: failure.hint })
    if (isAboutIdentity(failure)) this.#sink.settle(requestId, { kind: 'closed', failure })
    else this.#sink.settle(requestId, { kind: 'invalid', failure, raw })
  }
}

/** Tokens go where the stream came from and nowhere else. */
function readEndpoint(text: string, url: URL): URL {
  const endpoint = URL.canParse(text, url.href) ? new URL(text, url) : null
  if (endpoint?.origin === url.origin) return endpoint
  throw new AppError('redirect_refused', `${url.href} names an endpoint elsewhere: ${text}`, {
    hint: 'Write the new address into mcp.json when you trust it.',
  })
}

function silent(url: URL): AppError {
  return new AppError('handshake_timeout', `${url.href} opened no event stream in time`, {
    hint: 'Check the address, and look at the log of the server.',
  })
}
