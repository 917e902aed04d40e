import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { isObject } from '../../engine/links/json-object.ts'
import { onOneLine } from '../../engine/links/json-text.ts'
import type { JsonObject } from '../../engine/links/link.ts'
import { MirroredArguments } from '../../engine/links/mirrored-arguments.ts'
import { modernHeaders } from '../../engine/links/modern-headers.ts'
import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import { type ClientMessage, cancelledId, isRepeatable, readClientMessage } from './client-message.ts'
import type { GatewayConnection } from './gateway-connection.ts'
import { LegacySession, openSession } from './legacy-session.ts'
import { errorAnswer, errorText, isAnswerTo, messagesIn, refusalIn } from './replies.ts'
import { SessionMemory } from './session-memory.ts'

export interface BridgeParts {
  /** The gateway of the running program, which is started where there is none. */
  readonly reach: (signal: AbortSignal) => Promise<GatewayConnection>
  /** Whether a program runs, without starting one. */
  readonly isRunning: () => Promise<boolean>
  /** One message, as a line for the client. */
  readonly write: (line: string) => void
  /** A word for people. */
  readonly note: (text: string) => void
}

/** A request that the client waits for. */
interface Pending {
  readonly message: ClientMessage
  readonly control: AbortController
  isCancelled: boolean
}

const parseError = -32700
const returnPollMs = 1000
/** How long answers that are on their way are waited for once the client says no more. */
const lastAnswersMs = 10_000
const goodbyeMs = 500

/**
 * Carries messages between a client on stdio and the gateway over HTTP, each as it was written. It outlives the program:
 * when that comes back, or has to be started, a legacy session is opened anew and brought to where it was.
 */
export class Bridge implements AsyncDisposable {
  readonly #parts: BridgeParts
  readonly #life = new AbortController()
  readonly #memory = new SessionMemory()
  readonly #mirrored = new MirroredArguments()
  readonly #pending = new Map<string, Pending>()
  #gateway: GatewayConnection | null = null
  #reaching: Promise<GatewayConnection> | null = null
  #session: LegacySession | null = null
  #renewal: Promise<LegacySession> | null = null
  #sent: Promise<void> = Promise.resolve()

  constructor(parts: BridgeParts) {
    this.#parts = parts
  }

  /** Looks for the program before the first message; a failure is told and met again by the messages. */
  async open(): Promise<void> {
    await this.#reached().catch((error) => this.#tell(failureOf(error)))
  }

  /** One line of the client. Lines leave in the order in which they come. */
  take(text: string): void {
    const message = readClientMessage(text)
    if (message === null) {
      this.refuse('null', notJson, parseError)
      return
    }
    this.#memory.note(message)
    if (message.id !== null) {
      this.#pending.set(message.id, { message, control: new AbortController(), isCancelled: false })
    }
    const given = cancelledId(message)
    const cancelled = given === null ? undefined : this.#pending.get(given)
    if (cancelled !== undefined) {
      cancelled.isCancelled = true
      // Over HTTP, a stateless request is given up by closing its response.
      if (cancelled.message.isModern) {
        cancelled.control.abort()
        return
      }
    }
    this.#sent = this.#sent.then(() => this.#send(message))
  }

  /** Answers a request, by its id as JSON text, that never came to be a message. */
  refuse(id: string, failure: Failure, rpcCode?: number): void {
    this.#tell(failure)
    this.#parts.write(errorAnswer(id, errorText(failure, rpcCode)))
  }

  /** To be called when the client says no more: resolves when what it asked is answered, or has had its time. */
  async finish(): Promise<void> {
    const deadline = Date.now() + lastAnswersMs
    const isWaiting = (): boolean => [...this.#pending.values()].some(({ message }) => !isSubscription(message))
    while (isWaiting() && Date.now() < deadline) await delay(20)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort()
    const [gateway, session] = [this.#gateway, this.#session]
    session?.[Symbol.dispose]()
    if (gateway !== null && session !== null) {
      // A courtesy: a program that is gone has forgotten the session by itself.
      await gateway.endSession(session.headers, AbortSignal.timeout(goodbyeMs)).catch(() => {})
    }
    gateway?.[Symbol.dispose]()
  }

  /** Resolves once what follows may leave; never rejects. */
  async #send(message: ClientMessage): Promise<void> {
    if (message.id === null) {
      const signal = this.#life.signal
      await this.#exchange(message, { signal, mayRepeat: true }).catch((error) => this.#tell(failureOf(error)))
      return
    }
    const { promise: sent, resolve: onSent } = Promise.withResolvers<void>()
    const answered = this.#request(message, this.#pending.get(message.id)!, onSent)
    // Nothing may overtake the message that opens the session.
    await (message.method === 'initialize' ? answered : Promise.race([sent, answered]))
  }

  async #request(message: ClientMessage, pending: Pending, onSent: () => void): Promise<void> {
    const id = message.id!
    const signal = AbortSignal.any([this.#life.signal, pending.control.signal])
    try {
      const isAnswered = await this.#exchange(message, { signal, onSent, mayRepeat: true })
      if (!isAnswered && !pending.isCancelled) this.refuse(id, noAnswer)
    } catch (error) {
      if (!pending.isCancelled && !this.#life.signal.aborted) this.refuse(id, failureOf(error))
    } finally {
      if (this.#pending.get(id) === pending) this.#pending.delete(id)
    }
  }

  /** Sends a message and writes all that comes back; resolves to whether its answer was among that. */
  async #exchange(message: ClientMessage, way: Way): Promise<boolean> {
    const gateway = await this.#reached()
    const session = message.isModern || message.method === 'initialize' ? null : await this.#sessionAt(gateway)
    const again = { ...way, mayRepeat: false }
    let response: IncomingMessage
    try {
      const headers = session?.headers ?? modernHeaders(message.value, this.#mirrored)
      response = await gateway.post({ ...way, body: message.text, headers })
    } catch (error) {
      if (way.signal.aborted) throw error
      this.#lose(gateway)
      const mayRepeat = way.mayRepeat && (wasRefused(error) || isRepeatable(message))
      if (mayRepeat) return this.#exchange(message, again)
      throw error
    }
    const status = response.statusCode ?? 0
    if (way.mayRepeat && (status === 401 || (status === 404 && session !== null))) {
      // A token that was replaced, or a session that the program no longer knows: nothing has run.
      response.resume()
      if (status === 401) this.#lose(gateway)
      else this.#endSession(session!)
      return this.#exchange(message, again)
    }
    if (status === 400 && way.mayRepeat && message.isModern && message.method === 'tools/call') {
      // Perhaps for a header that the tool wants since: a client on stdio knows of none, so they are ours to know.
      response.resume()
      await this.#learnTools(gateway, message, way.signal)
      return this.#exchange(message, again)
    }
    if (status >= 300) return this.#refused(message, response)
    if (message.method === 'initialize') return this.#opened(gateway, message, response)
    try {
      return await this.#read(message, response)
    } catch (error) {
      if (way.signal.aborted || !way.mayRepeat || !isRepeatable(message)) throw error
      this.#lose(gateway)
      return this.#exchange(message, again)
    }
  }

  async #read(message: ClientMessage, response: IncomingMessage): Promise<boolean> {
    let isAnswered = false
    for await (const text of messagesIn(response)) {
      if (message.method === 'tools/list' && message.isModern) this.#learn(text)
      isAnswered ||= message.id !== null && isAnswerTo(text, message.id)
      this.#parts.write(onOneLine(text))
    }
    return isAnswered
  }

  async #refused({ id }: ClientMessage, response: IncomingMessage): Promise<boolean> {
    const refusal = await refusalIn(response)
    if ('failure' in refusal) throw refusal.failure
    if (id !== null) this.#parts.write(errorAnswer(id, refusal.error))
    return true
  }

  /** The answer to the client's own `initialize`. */
  async #opened(gateway: GatewayConnection, message: ClientMessage, response: IncomingMessage): Promise<boolean> {
    let isAnswered = false
    for await (const text of messagesIn(response)) {
      isAnswered ||= isAnswerTo(text, message.id!)
      if (isAnswerTo(text, message.id!)) this.#begin(new LegacySession(response, text), gateway)
      this.#parts.write(onOneLine(text))
    }
    return isAnswered
  }

  /** What a stateless tool wants repeated in headers stands in its definition. */
  #learn(text: string): void {
    const { result } = JSON.parse(text)
    if (isObject(result) && Array.isArray(result.tools)) this.#mirrored.learn(result.tools)
  }

  /** Asks for the tools on the client's behalf, which may never have done so here. */
  async #learnTools(gateway: GatewayConnection, { value }: ClientMessage, signal: AbortSignal): Promise<void> {
    const { _meta = {} } = value.params as JsonObject
    const asked = { jsonrpc: '2.0', id: 'tools', method: 'tools/list', params: { _meta } }
    const headers = modernHeaders(asked, this.#mirrored)
    const response = await gateway.post({ body: JSON.stringify(asked), headers, signal })
    for await (const text of messagesIn(response)) this.#learn(text)
  }

  async #reached(): Promise<GatewayConnection> {
    if (this.#gateway !== null) return this.#gateway
    this.#reaching ??= this.#parts.reach(this.#life.signal).finally(() => {
      this.#reaching = null
    })
    this.#gateway = await this.#reaching
    return this.#gateway
  }

  /** The session that legacy messages belong to, opened anew where the old one was lost; null before the first. */
  async #sessionAt(gateway: GatewayConnection): Promise<LegacySession | null> {
    if (this.#session !== null || this.#memory.opening === null) return this.#session
    this.#renewal ??= this.#renew(gateway).finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async #renew(gateway: GatewayConnection): Promise<LegacySession> {
    const session = await openSession(gateway, this.#memory, this.#life.signal)
    this.#begin(session, gateway)
    this.#parts.note('Signalbox was restarted; the session goes on in a new one.')
    for (const method of session.changesToTell) this.#parts.write(JSON.stringify({ jsonrpc: '2.0', method }))
    return session
  }

  #begin(session: LegacySession, gateway: GatewayConnection): void {
    this.#session?.[Symbol.dispose]()
    this.#session = session
    void session
      .listen(gateway, (text) => this.#parts.write(onOneLine(text)))
      .then((end) => {
        if (end === 'broken' && this.#session === session) this.#lose(gateway)
      })
  }

  #endSession(session: LegacySession): void {
    session[Symbol.dispose]()
    if (this.#session === session) this.#session = null
  }

  /** The program is gone, or knows us no more. */
  #lose(gateway: GatewayConnection): void {
    gateway[Symbol.dispose]()
    // Of several calls that meet the same end, the first has said so.
    if (this.#gateway !== gateway) return
    this.#gateway = null
    if (this.#session !== null) {
      this.#endSession(this.#session)
      void this.#awaitReturn()
    }
  }

  /** A legacy client is told of changes without asking, so its session is taken up again as soon as that can be. */
  async #awaitReturn(): Promise<void> {
    const signal = this.#life.signal
    while (this.#session === null && !signal.aborted) {
      // Ends early only when we end.
      await delay(returnPollMs, undefined, { signal, ref: false }).catch(() => {})
      if (signal.aborted || this.#session !== null || !(await this.#parts.isRunning())) continue
      try {
        await this.#sessionAt(await this.#reached())
      } catch (error) {
        this.#tell(failureOf(error))
      }
    }
  }

  #tell({ message, hint }: Failure): void {
    this.#parts.note(hint === null ? message : `${message} ${hint}`)
  }
}

interface Way {
  readonly signal: AbortSignal
  readonly onSent?: () => void
  readonly mayRepeat: boolean
}

const notJson: Failure = { code: 'not_json', message: 'The client sent a line that is no JSON object.', hint: null }

const noAnswer: Failure = {
  code: 'no_answer',
  message: 'Signalbox ended the response without an answer.',
  hint: 'The call may have run; look before you call again.',
}

const isSubscription = ({ method }: ClientMessage): boolean => method === 'subscriptions/listen'

function wasRefused(error: unknown): boolean {
  return error instanceof AppError && error.data.refused === true
}
