import type { IncomingMessage } from 'node:http'
import { HttpConnections } from '../../engine/links/http-exchange.ts'
import { AppError } from '../../shared/app-error.ts'
import type { Program } from '../running-program.ts'

export interface Post {
  readonly body: string
  readonly headers: Record<string, string>
  readonly signal: AbortSignal
  readonly onSent?: () => void
}

/** One program's gateway, as long as that program runs. */
export class GatewayConnection implements Disposable {
  readonly #connections: HttpConnections
  readonly #token: string
  readonly #life = new AbortController()

  constructor(url: string, token: string) {
    this.#connections = new HttpConnections(url)
    this.#token = token
  }

  post({ body, headers, signal, onSent }: Post): Promise<IncomingMessage> {
    return this.#connections.exchange({
      method: 'POST',
      headers: this.#allHeaders({
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...headers,
      }),
      body,
      signal: AbortSignal.any([signal, this.#life.signal]),
      ...(onSent && { onSent }),
    })
  }

  /** The stream of what a legacy session is told unasked. */
  listen(session: Record<string, string>, lastEventId: string | null, signal: AbortSignal): Promise<IncomingMessage> {
    const resume: Record<string, string> = lastEventId === null ? {} : { 'last-event-id': lastEventId }
    const headers = this.#allHeaders({ accept: 'text/event-stream', ...session, ...resume })
    return this.#connections.exchange({ method: 'GET', headers, signal: AbortSignal.any([signal, this.#life.signal]) })
  }

  async endSession(session: Record<string, string>, signal: AbortSignal): Promise<void> {
    const response = await this.#connections.exchange({ method: 'DELETE', headers: this.#allHeaders(session), signal })
    response.resume()
  }

  [Symbol.dispose](): void {
    this.#life.abort()
    this.#connections[Symbol.dispose]()
  }

  #allHeaders(own: Record<string, string>): Record<string, string> {
    return { authorization: `Bearer ${this.#token}`, ...own }
  }
}

/** The token that calls of this client carry; the client is made known where it is new. */
export async function clientToken({ info, token }: Program, name: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${info.url}/api/v1/clients/ensure`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
    signal,
  })
  const body = (await response.json()) as { token?: string; detail?: string; hint?: string }
  if (response.ok && typeof body.token === 'string') return body.token
  throw new AppError('client_refused', `Signalbox gives no token to the client "${name}": ${body.detail}`, {
    hint: body.hint ?? null,
  })
}
