import { randomUUID } from 'node:crypto'
import type { RequestId } from '../links/json-scan.ts'
import type { ClientAnswer, ClientFacts, LegacySession, Scope } from './call.ts'
import type { Caller } from './caller.ts'
import { event } from './exchange.ts'
import type { HttpReply } from './http-reply.ts'

/** Sessions of one token that nobody ends are let go from here on, the longest unused first. */
const mostPerCaller = 64
const mostInAll = 512
/** What is said while no stream is open, kept until one is. */
const mostHeld = 32
const mostUnreadBytes = 1024 * 1024

/** A request of a session that is still being answered. */
export interface Cancellable {
  cancel(): void
}

/** One legacy client's session: its open requests, our questions to it, and its GET stream. */
export class Session implements LegacySession {
  readonly id = randomUUID()
  readonly client: ClientFacts
  readonly scope: Scope
  caller: Caller
  logLevel: string | null = null
  readonly served = new Map<string, string>()
  lastUsedMs = performance.now()
  /** By the text of their ids. */
  readonly requests = new Map<string, Cancellable>()
  readonly #questions = new Map<RequestId, (answer: ClientAnswer) => void>()
  readonly #end = new AbortController()
  #lastQuestion = 0
  #stream: HttpReply | null = null
  #held: string[] = []

  /** Asks who it is that opened it, as things stand now; null: its token is good no more. */
  readonly #recall: () => Caller | null

  constructor(client: ClientFacts, scope: Scope, caller: Caller, recall: () => Caller | null) {
    this.client = client
    this.scope = scope
    this.caller = caller
    this.#recall = recall
  }

  /** Takes changed grants in; false once nothing is granted any more. */
  isStillGranted(): boolean {
    const caller = this.#recall()
    if (caller !== null) this.caller = caller
    return caller !== null
  }

  get ended(): AbortSignal {
    return this.#end.signal
  }

  get isBusy(): boolean {
    return this.requests.size > 0 || this.#stream !== null
  }

  notify(method: string, paramsText: string): void {
    this.#say(`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${paramsText}}`)
  }

  /** Takes a GET stream; a client that opens another one has lost the first. */
  open(response: HttpReply): void {
    this.#stream?.end()
    this.#stream = response
    response.on('close', () => {
      if (this.#stream === response) this.#stream = null
    })
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'mcp-session-id': this.id,
    })
    response.flushHeaders()
    for (const text of this.#held.splice(0)) response.write(event(text))
  }

  keepAlive(): void {
    if (this.#stream !== null && !this.#stream.writableNeedDrain) this.#stream.write(': \n\n')
  }

  /** Puts a question with `send`, which says whether it left; resolves with the client's answer. */
  ask(
    method: string,
    paramsText: string,
    send: (text: string) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<ClientAnswer> {
    if (signal?.aborted) return Promise.resolve({ kind: 'unanswered', reason: 'cancelled' })
    if (this.ended.aborted) return Promise.resolve({ kind: 'unanswered', reason: 'gone' })
    const id = `signalbox-${++this.#lastQuestion}`
    const { promise, resolve } = Promise.withResolvers<ClientAnswer>()
    const onCancel = (): void => {
      this.answer(id, { kind: 'unanswered', reason: 'cancelled' })
      send(
        `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"${id}","reason":"No answer is wanted any more"}}`,
      )
    }
    this.#questions.set(id, (answer) => {
      signal?.removeEventListener('abort', onCancel)
      resolve(answer)
    })
    signal?.addEventListener('abort', onCancel, { once: true })
    const text = `{"jsonrpc":"2.0","id":"${id}","method":${JSON.stringify(method)},"params":${paramsText}}`
    if (!send(text)) this.answer(id, { kind: 'unanswered', reason: 'gone' })
    return promise
  }

  /** The client's answer to a question; false where it was not asked. */
  answer(id: RequestId, answer: ClientAnswer): boolean {
    const settle = this.#questions.get(id)
    if (settle === undefined) return false
    this.#questions.delete(id)
    settle(answer)
    return true
  }

  end(): void {
    this.#end.abort()
    for (const request of [...this.requests.values()]) request.cancel()
    for (const id of [...this.#questions.keys()]) this.answer(id, { kind: 'unanswered', reason: 'gone' })
    this.#stream?.end()
    this.#stream = null
  }

  #say(text: string): void {
    if (this.#stream !== null) {
      if (this.#stream.writableLength < mostUnreadBytes) this.#stream.write(event(text))
    } else if (!this.#held.includes(text) && this.#held.length < mostHeld) this.#held.push(text)
  }
}

/** All open sessions. One is found only by the token and on the path that opened it. */
export class LegacySessions implements Disposable {
  readonly #sessions = new Map<string, Session>()
  readonly #onLeft: (caller: Caller) => void

  /** `onLeft` is told of each caller whose last session ended. */
  constructor(onLeft: (caller: Caller) => void = () => {}) {
    this.#onLeft = onLeft
  }

  get all(): Session[] {
    return [...this.#sessions.values()]
  }

  begin(client: ClientFacts, scope: Scope, caller: Caller, recall: () => Caller | null): Session {
    const session = new Session(client, scope, caller, recall)
    this.#makeRoom(caller)
    this.#sessions.set(session.id, session)
    return session
  }

  find(id: string, caller: Caller, scope: Scope): Session | null {
    const session = this.#sessions.get(id)
    if (session === undefined || session.caller.client !== caller.client || !isSame(session.scope, scope)) return null
    session.caller = caller
    session.lastUsedMs = performance.now()
    return session
  }

  /** After a change of grants: ends the sessions of tokens that are good no more. */
  recall(): void {
    for (const session of this.all) if (!session.isStillGranted()) this.end(session)
  }

  end(session: Session): void {
    this.#sessions.delete(session.id)
    session.end()
    const { caller } = session
    const isSameClient = (other: Session): boolean =>
      other.caller.client === caller.client && other.caller.origin === caller.origin
    if (!this.all.some(isSameClient)) this.#onLeft(caller)
  }

  [Symbol.dispose](): void {
    for (const session of this.all) this.end(session)
  }

  #makeRoom(caller: Caller): void {
    const { all } = this
    const own = all.filter((session) => session.caller.client === caller.client)
    if (own.length >= mostPerCaller) this.#letGo(own)
    else if (all.length >= mostInAll) this.#letGo(all)
  }

  #letGo(sessions: Session[]): void {
    const idle = sessions.filter((session) => !session.isBusy)
    const oldest = (idle.length > 0 ? idle : sessions).reduce((a, b) => (a.lastUsedMs <= b.lastUsedMs ? a : b))
    this.end(oldest)
  }
}

function isSame(a: Scope, b: Scope): boolean {
  return a.kind === 'server' ? b.kind === 'server' && a.server === b.server : b.kind === 'all'
}
