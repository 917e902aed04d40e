import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import { AskedPause } from './asked-pause.ts'
import type { Authorizer } from './authorizer.ts'
import { type Exchange, HttpConnections, readBody } from './http-exchange.ts'
import { isAboutIdentity, mediaType, noAnswer, notMcp, sessionLost, statusFailure } from './http-failure.ts'
import type { Json } from './link.ts'
import { MirroredArguments } from './mirrored-arguments.ts'
import { modernHeaders } from './modern-headers.ts'
import type { Outgoing } from './outgoing.ts'
import { cutRaw, readText } from './read-message.ts'
import { readEvents } from './sse-reader.ts'
import type { Transport, TransportSink } from './transport.ts'

export interface Remote {
  url: string
  headers: Record<string, string>
  /** Who signs the requests; nobody where the headers do. */
  authorizer?: Authorizer | null
}

/** How long an answer to a call that was given up may still come before its stream is closed. */
const LATE_ANSWER_MS = 60_000
const GOODBYE_MS = 1000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
const MAX_ERROR_BYTES = 64 * 1024
const MAX_RESUMES = 5

/** Streamable HTTP, both eras: a POST a message, and in the legacy era a session and a GET stream for the rest. */
export class HttpTransport implements Transport {
  /** Does the legacy handshake again over this transport; set by whoever did it first. */
  renewSession: (() => Promise<void>) | null = null
  readonly #connections: HttpConnections
  readonly #headers: Record<string, string>
  readonly #maxBytes: number
  readonly #sink: TransportSink
  readonly #life = new AbortController()
  readonly #calls = new Map<number, AbortController>()
  readonly #mirrored = new MirroredArguments()
  readonly #pause = new AskedPause()
  #renewals = 0
  #session: string | null = null
  #version: string | null = null
  #isModern = false
  #renewal: Promise<void> | null = null
  #listening = new AbortController()

  constructor(remote: Remote, options: { maxMessageBytes: number }, sink: TransportSink) {
    this.#connections = new HttpConnections(remote.url, remote.authorizer)
    this.#headers = remote.headers
    this.#maxBytes = options.maxMessageBytes
    this.#sink = sink
  }

  send(message: Outgoing, requestId: number | null): Promise<void> {
    if (this.#life.signal.aborted) throw new AppError('link_closed', 'The connection is closed')
    if (requestId === null) return this.#tell(message)
    void this.#call(message, requestId)
    return Promise.resolve()
  }

  giveUp(requestId: number): boolean {
    const call = this.#calls.get(requestId)
    if (this.#isModern || call === undefined) {
      call?.abort()
      return this.#isModern
    }
    setTimeout(() => call.abort(), LATE_ANSWER_MS).unref()
    return false
  }

  unfinished(): null {
    return null
  }

  async takesInput(): Promise<boolean> {
    return true
  }

  established({ era, protocolVersion }: Parameters<Transport['established']>[0]): void {
    this.#isModern = era === 'modern'
    this.#version = protocolVersion
  }

  toolsListed(tools: Json[]): void {
    this.#mirrored.learn(tools)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const wasOpen = !this.#life.signal.aborted
    this.#life.abort()
    if (wasOpen && this.#session !== null) {
      const signal = AbortSignal.timeout(GOODBYE_MS)
      const bye = this.#connections.exchange({ method: 'DELETE', headers: this.#allHeaders({}), signal })
      // A courtesy: a server that is gone, or ends no sessions, forgets this one by itself.
      await bye.then((response) => response.resume()).catch(() => {})
    }
    this.#connections[Symbol.dispose]()
  }

  async #tell(message: Outgoing): Promise<void> {
    const response = await this.#post(message, this.#life.signal)
    response.resume()
    if ((response.statusCode ?? 0) < 300) {
      if (message.method === 'notifications/initialized') this.#listenAnew()
      return
    }
    const failure = statusFailure(response, this.#connections.url)
    throw new AppError(failure.code, failure.message, { hint: failure.hint })
  }

  async #call(message: Outgoing, id: number): Promise<void> {
    const control = new AbortController()
    this.#calls.set(id, control)
    try {
      await this.#callOnce(message, id, AbortSignal.any([control.signal, this.#life.signal]), true)
      if (this.#sink.isWaiting(id)) this.#sink.settle(id, { kind: 'closed', failure: noAnswer })
    } catch (error) {
      this.#failed(id, error)
    } finally {
      this.#calls.delete(id)
    }
  }

  async #callOnce(message: Outgoing, id: number, signal: AbortSignal, mayRenew: boolean): Promise<void> {
    if (this.#renewal !== null && message.method !== 'initialize') await this.#renewal
    await this.#pause.over(this.#connections.url.host, signal)
    const session = this.#session
    const response = await this.#post(message, signal)
    const status = response.statusCode ?? 0
    if (status < 300) {
      if (message.method === 'initialize') this.#session = readSession(response)
      return this.#readReply(response, id, signal)
    }
    const body = await readBody(response, MAX_ERROR_BYTES)
    if (mayRenew && session !== null && isSessionLoss(status, body)) {
      await this.#renew(session)
      // What was refused for its session cannot have run by the rules; a tool is not called twice on that word alone.
      if (message.method !== 'tools/call') return this.#callOnce(message, id, signal, false)
      return this.#sink.settle(id, { kind: 'closed', failure: sessionLost })
    }
    const failure = statusFailure(response, this.#connections.url)
    const isShort = this.#pause.note(failure)
    if (failure.code === 'asked_to_wait') this.#sink.remark(failure)
    // 429 says that it has not run; 503 need not mean that.
    if (status === 429 && isShort && mayRenew) return this.#callOnce(message, id, signal, false)
    this.#readRefusal(response, body, id)
  }

  #readRefusal(response: IncomingMessage, body: string, id: number): void {
    const failure = statusFailure(response, this.#connections.url)
    if (isAboutIdentity(failure)) this.#sink.settle(id, { kind: 'closed', failure })
    else if (mediaType(response) === 'application/json') this.#receive(body, id)
    if (this.#sink.isWaiting(id)) this.#sink.settle(id, { kind: 'invalid', failure, raw: body })
  }

  async #readReply(response: IncomingMessage, id: number, signal: AbortSignal): Promise<void> {
    const type = mediaType(response)
    if (type === 'text/event-stream') return this.#readStream(response, id, signal)
    const body = await readBody(response, this.#maxBytes)
    if (type === 'application/json') this.#receive(body, id)
    if (!this.#sink.isWaiting(id)) return
    const failure = notMcp(type, this.#connections.url)
    this.#sink.settle(id, { kind: 'invalid', failure, raw: cutRaw(body) })
  }

  /** Reads the stream of one call; a legacy stream that breaks off after a numbered event is taken up again. */
  async #readStream(response: IncomingMessage, id: number, signal: AbortSignal): Promise<void> {
    let stream: IncomingMessage | null = response
    for (let resumes = 0; stream !== null; resumes++) {
      const lastId = await this.#readEvents(stream, id)
      if (!this.#sink.isWaiting(id) || lastId === null || this.#isModern || resumes === MAX_RESUMES) return
      await delay(FIRST_PAUSE_MS, undefined, { signal, ref: false })
      stream = await this.#openStream(lastId, signal)
    }
  }

  /** Reads events to the end of the stream; the id of the last one. A break counts as an end where it can be resumed. */
  async #readEvents(response: IncomingMessage, id: number | null): Promise<string | null> {
    let lastId: string | null = null
    try {
      for await (const event of readEvents(response, this.#maxBytes)) {
        lastId = event.id
        this.#receive(event.data, id)
      }
    } catch (error) {
      if (lastId === null || failureOf(error).code !== 'connection_lost') throw error
    }
    return lastId
  }

  #listenAnew(): void {
    this.#listening.abort()
    this.#listening = new AbortController()
    void this.#listen(AbortSignal.any([this.#life.signal, this.#listening.signal]))
  }

  /** Keeps the GET stream open, for what a legacy server says unasked; some have none. */
  async #listen(signal: AbortSignal): Promise<void> {
    let lastId: string | null = null
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const stream = await this.#openStream(lastId, signal)
        if (stream === null) return
        lastId = (await this.#readEvents(stream, null)) ?? lastId
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof AppError && error.data.refused === true) return this.#end(error.failure)
        this.#sink.remark(failureOf(error))
      }
      await delay(pause, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  /** The GET stream, or null where the server has none. */
  async #openStream(lastId: string | null, signal: AbortSignal): Promise<IncomingMessage | null> {
    const resume: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId }
    const headers = this.#allHeaders({ accept: 'text/event-stream', ...resume })
    const response = await this.#connections.exchange({ method: 'GET', headers, signal })
    if (response.statusCode === 200 && mediaType(response) === 'text/event-stream') return response
    response.resume()
    return null
  }

  /** One renewal for all calls that find the same session lost. */
  #renew(lost: string): Promise<void> {
    if (this.#session !== lost && this.#renewal === null) return Promise.resolve()
    this.#renewal ??= this.#startSession().finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  get renewals(): number {
    return this.#renewals
  }

  async #startSession(): Promise<void> {
    this.#session = null
    this.#version = null
    try {
      this.#renewals++
      await this.renewSession?.()
    } catch (error) {
      this.#end(failureOf(error))
      throw error
    }
  }

  async #post(message: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...modernHeaders(message.message, this.#mirrored),
    }
    const exchange: Exchange = {
      method: 'POST',
      headers: this.#allHeaders(headers),
      body: message.text,
      signal,
    }
    const response = await this.#connections.exchange(exchange)
    this.#sink.firstByte()
    return response
  }

  #allHeaders(own: Record<string, string>): Record<string, string> {
    return {
      ...this.#headers,
      ...(this.#session !== null && { 'mcp-session-id': this.#session }),
      ...(this.#version !== null && { 'mcp-protocol-version': this.#version }),
      ...own,
    }
  }

  #receive(text: string, id: number | null): void {
    for (const inbound of readText(text)) this.#sink.receive(inbound, id ?? undefined)
  }

  #failed(id: number, error: unknown): void {
    const failure = failureOf(error)
    if (failure.code === 'message_too_long') this.#sink.settle(id, { kind: 'invalid', failure, raw: '' })
    else this.#sink.settle(id, { kind: 'closed', failure })
    // Nobody listens there any more: that is the end of the link, not of one call.
    if (error instanceof AppError && error.data.refused === true) this.#end(failure)
  }

  #end(failure: Failure): void {
    this.#sink.closed(failure)
    this.#life.abort()
  }
}

function readSession(response: IncomingMessage): string | null {
  const session = response.headers['mcp-session-id']
  return typeof session === 'string' && session !== '' ? session : null
}

/** 404 by the specification; several servers answer 400 and complain about the session. */
function isSessionLoss(status: number, body: string): boolean {
  return status === 404 || (status === 400 && /session/i.test(body))
}
