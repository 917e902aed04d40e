import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import type { Progress } from '../../shared/task.ts'
import { Deadlines } from './deadlines.ts'
import { Abandoned, InFlight, ownId } from './in-flight.ts'
import { isObject } from './json-object.ts'
import type { RequestId } from './json-scan.ts'
import { edited, type JsonOffence, type Member, maxDepth, memberText, offenceIn } from './json-text.ts'
import type { Answer, ForwardOptions, JsonObject, RawAnswer, RequestOptions } from './link.ts'
import type { Question, QuestionReply, Remark } from './link-options.ts'
import { Outgoing } from './outgoing.ts'
import { readAnswer } from './read-answer.ts'
import { cutRaw, type Inbound, isRequestId } from './read-message.ts'
import { type Subscriber, Subscriptions } from './subscriptions.ts'
import type { Transport, TransportSink } from './transport.ts'

const METHOD_NOT_FOUND = -32601
const INTERNAL_ERROR = -32603

interface RpcEvents {
  firstByte?(): void
  noise?(text: string): void
  fault?(failure: Failure): void
  /** Progress of no call that runs; so many times so far, told at each power of ten. */
  strayProgress?(count: number): void
  notification?(notification: Remark): void
  question?(question: Question): Promise<QuestionReply> | null
  closed?(failure: Failure): void
}

interface RequestTraits {
  /** Never cancelled on the wire, as `initialize` must not be. */
  isHandshake?: boolean
  /** Open for as long as the link; no stray text is laid to it. */
  subscriber?: Subscriber
}

const ordinary: RequestTraits = {}
const subscription: RequestTraits = { subscriber: {} }

/**
 * JSON-RPC over one transport: gives out ids and progress tokens, matches answers to requests, answers the server's
 * own requests. Every request gets exactly one Answer, its progress before that and in order.
 */
export class Rpc implements TransportSink {
  readonly #events: RpcEvents
  readonly #inFlight = new Map<number, InFlight>()
  readonly #deadlines = new Deadlines(() => this.#inFlight.values())
  readonly #subscriptions = new Subscriptions()
  readonly #abandoned = new Abandoned()
  readonly #questions = new Map<RequestId, AbortController>()
  #transport: Transport | null = null
  #lastId = 0
  #closedBy: Failure | null = null
  #heard = false
  #toldIdAsText = false
  #strayProgress = 0

  constructor(events: RpcEvents) {
    this.#events = events
  }

  attach(transport: Transport): void {
    this.#transport = transport
  }

  request(method: string, params: JsonObject, options: RequestOptions, traits: RequestTraits = {}): Promise<Answer> {
    if (options.signal?.aborted) return Promise.resolve({ kind: 'cancelled' })
    if (this.#closedBy !== null) return Promise.resolve({ kind: 'closed', failure: this.#closedBy })
    const id = ++this.#lastId
    const message: JsonObject = { jsonrpc: '2.0', id, method, params: options.onProgress ? tagged(params, id) : params }
    return this.#dispatch(id, Outgoing.of(message), options, traits, false)
  }

  /**
   * A request with `params` as they are written, but for the members of `_meta` in `meta` and the progress token, which
   * is ours where progress is wanted and left out where not.
   */
  forward(
    method: string,
    paramsText: string,
    meta: Readonly<Record<string, string | undefined>>,
    options: ForwardOptions,
  ): Promise<RawAnswer> {
    if (options.signal?.aborted) return Promise.resolve({ kind: 'cancelled' })
    if (this.#closedBy !== null) return Promise.resolve({ kind: 'closed', failure: this.#closedBy })
    const id = ++this.#lastId
    const { onProgress } = options
    const token = onProgress ? String(id) : undefined
    const text = withMeta(paramsText, meta, token)
    const raw = {
      ...options,
      onProgress: onProgress && ((read: Progress, whole: string) => onProgress(memberText(whole, 'params')!, read)),
    }
    // What is forwarded is answered with its text.
    const traits = method === 'subscriptions/listen' ? subscription : ordinary
    return this.#dispatch(id, Outgoing.request(id, method, text), raw, traits, true) as Promise<RawAnswer>
  }

  #dispatch(
    id: number,
    message: Outgoing,
    options: ConstructorParameters<typeof InFlight>[1] & Pick<ForwardOptions, 'onLateAnswer' | 'onCancellable'>,
    traits: RequestTraits,
    isForwarded: boolean,
  ): Promise<Answer> {
    const unfinished = () => this.#transport?.unfinished() ?? null
    const call = new InFlight(id, options, isForwarded, unfinished, (answer) => {
      this.#inFlight.delete(id)
      this.#subscriptions.end(id)
      if (answer.kind !== 'timed_out' && answer.kind !== 'cancelled') return
      this.#abandoned.add(id, options.onLateAnswer)
      if (this.#closedBy === null && !this.#open.giveUp(id) && !traits.isHandshake) this.#cancelOnWire(id, answer)
    })
    this.#inFlight.set(id, call)
    this.#deadlines.watch(call.dueAt)
    options.onCancellable?.(() => call.settle({ kind: 'cancelled' }))
    if (traits.subscriber) this.#subscriptions.open(id, traits.subscriber)
    try {
      const written = this.#open.send(message, id)
      call.sent()
      written.catch((error: unknown) => call.settle({ kind: 'closed', failure: failureOf(error) }))
    } catch (error) {
      call.settle({ kind: 'closed', failure: failureOf(error) })
    }
    return call.answer
  }

  /** Resolves when written; rejects with an AppError. */
  async notify(method: string, params?: JsonObject): Promise<void> {
    if (this.#closedBy !== null) throw new AppError(this.#closedBy.code, this.#closedBy.message)
    await this.#open.send(Outgoing.of({ jsonrpc: '2.0', method, ...(params && { params }) }), null)
  }

  firstByte(): void {
    if (this.#heard) return
    this.#heard = true
    this.#events.firstByte?.()
  }

  receive(inbound: Inbound, requestId?: number): void {
    switch (inbound.kind) {
      case 'noise':
        this.#events.noise?.(inbound.text)
        return
      case 'remark':
        this.#events.fault?.(inbound.failure)
        return
      case 'broken':
        this.#receiveBroken(inbound, requestId)
        return
      case 'message':
        this.#receiveMessage(inbound, requestId)
        return
      default:
        inbound satisfies never
    }
  }

  settle(requestId: number, answer: Answer): void {
    this.#inFlight.get(requestId)?.settle(answer)
  }

  isWaiting(requestId: number): boolean {
    return this.#inFlight.has(requestId)
  }

  remark(failure: Failure): void {
    this.#events.fault?.(failure)
  }

  closed(failure: Failure): void {
    if (this.#end(failure)) this.#events.closed?.(failure)
  }

  /** Ends every request without telling `closed`: it is we who close. */
  dispose(): void {
    this.#end({ code: 'link_closed', message: 'The connection was closed by Signalbox', hint: null })
  }

  get #open(): Transport {
    if (this.#transport === null) throw new AppError('link_closed', 'The link has no transport yet')
    return this.#transport
  }

  #end(failure: Failure): boolean {
    if (this.#closedBy !== null) return false
    this.#closedBy = failure
    this.#deadlines[Symbol.dispose]()
    for (const call of [...this.#inFlight.values()]) call.settle({ kind: 'closed', failure })
    for (const question of this.#questions.values()) question.abort()
    return true
  }

  #cancelOnWire(id: number, answer: Answer): void {
    const reason = answer.kind === 'timed_out' ? 'The time limit was reached' : 'Cancelled by the user'
    // A server that takes no more input cannot be told; the request is settled either way.
    this.notify('notifications/cancelled', { requestId: id, reason }).catch((error: unknown) => {
      this.#events.fault?.(failureOf(error))
    })
  }

  #receiveBroken(inbound: Inbound & { kind: 'broken' }, requestId: number | undefined): void {
    const named = inbound.ids.map(ownId).filter((id) => id !== null && this.#inFlight.has(id))
    const ids = named.length > 0 ? named : [requestId ?? this.#onlyOne(inbound.ids.length > 0)]
    for (const id of ids) {
      const call = id === null ? undefined : this.#inFlight.get(id)
      call?.settle({ kind: 'invalid', failure: inbound.failure, raw: inbound.raw })
    }
    this.#events.fault?.(inbound.failure)
  }

  /** The request that a text without an id must be about, when just one waits. */
  #onlyOne(namesAnother: boolean): number | null {
    if (namesAnother) return null
    const waiting = [...this.#inFlight.keys()].filter((id) => !this.#subscriptions.has(id))
    return waiting.length === 1 ? waiting[0]! : null
  }

  #receiveMessage(
    { message, text, members }: Extract<Inbound, { kind: 'message' }>,
    requestId: number | undefined,
  ): void {
    if (typeof message.method === 'string') {
      const params = isObject(message.params) ? message.params : {}
      const { method } = message
      if (isRequestId(message.id)) this.#answerServer(message.id, this.#remark(method, params, text, requestId))
      else if (method === 'notifications/progress') this.#receiveProgress(params, text)
      else if (method === 'notifications/cancelled' && isRequestId(params.requestId)) {
        this.#questions.get(params.requestId)?.abort()
      } else if (this.#isTold(method, params)) {
        this.#events.notification?.(this.#remark(method, params, text, requestId))
      }
      return
    }
    const id = isRequestId(message.id) ? ownId(message.id) : null
    const call = this.#inFlight.get(id ?? requestId ?? this.#onlyOne(isRequestId(message.id)) ?? 0)
    if (call !== undefined) {
      if (typeof message.id === 'string') this.#noteIdAsText()
      const answer = readAnswer(message)
      if ('kind' in answer) {
        if (call.wantsText && answer.kind === 'result') answer.resultText = memberText(text, 'result', members)!
        call.settle(call.isForwarded ? this.#raw(answer, text, members) : answer)
      } else {
        call.settle({ kind: 'invalid', failure: answer, raw: cutRaw(text) })
        this.#events.fault?.(answer)
      }
      return
    }
    if (id !== null && this.#abandoned.takeAnswer(id)) return
    if (!('jsonrpc' in message)) this.#events.noise?.(cutRaw(text))
    else if (id !== null && id >= 1 && id <= this.#lastId) {
      this.#fault('duplicate_answer', `The server answered request ${id} more than once; the first answer stands`)
    } else
      this.#fault('unknown_answer', `The server answered a request that was never made: ${cutRaw(text).slice(0, 200)}`)
  }

  #isTold(method: string, params: JsonObject): boolean {
    const verdict = this.#subscriptions.judge(method, params)
    if (verdict === 'stray') {
      this.#fault('subscription_stray', `The server told ${method} under an id that is no subscription of ours`)
    }
    return verdict === 'told'
  }

  /** Told once: a server that does it does it always. */
  #noteIdAsText(): void {
    if (!this.#toldIdAsText) this.#fault('id_as_text', 'The server gives our ids back as strings')
    this.#toldIdAsText = true
  }

  #receiveProgress(params: JsonObject, text: string): void {
    const token = isRequestId(params.progressToken) ? ownId(params.progressToken) : null
    const call = token === null ? undefined : this.#inFlight.get(token)
    // After the end, or under a token of nobody's: common and harmless, so it is only counted.
    if (call === undefined) {
      this.#strayProgress++
      if (Number.isInteger(Math.log10(this.#strayProgress))) this.#events.strayProgress?.(this.#strayProgress)
      return
    }
    if (typeof params.progress !== 'number') return
    call.progress(readProgress(params.progress, params), text)
  }

  /** The answer with its text, unless that is one that two readers may read in two ways. */
  #raw(answer: Answer, text: string, members: readonly Member[] | undefined): Answer {
    if (answer.kind !== 'result' && answer.kind !== 'error') return answer
    // Where its members were told it was looked through already.
    const offence = members === undefined ? offenceIn(text) : null
    if (offence === null) return { ...answer, text: memberText(text, answer.kind, members)! } as RawAnswer
    const failure = ambiguous(offence)
    this.#events.fault?.(failure)
    return { kind: 'invalid', failure, raw: cutRaw(text) }
  }

  /** What the server says by itself, with the requests that it may be about. */
  #remark(method: string, params: JsonObject, text: string, requestId: number | undefined): Remark {
    const named = requestId === undefined ? undefined : this.#inFlight.get(requestId)
    const about = named === undefined ? [...this.#inFlight.values()] : [named]
    const owners = about.flatMap(({ owner }) => owner ?? [])
    return { method, params, owners, paramsText: isObject(params) ? (memberText(text, 'params') ?? '{}') : '{}' }
  }

  /** `ping` is answered here; what nobody answers is refused, never left hanging. */
  #answerServer(id: RequestId, asked: Remark): void {
    const { method } = asked
    if (method === 'ping') {
      this.#reply(id, { kind: 'result', text: '{}' })
      return
    }
    const control = new AbortController()
    const about = [...this.#inFlight.values()].filter(
      ({ owner }) => owner !== undefined && asked.owners.includes(owner),
    )
    const answered = this.#events.question?.({ ...asked, signal: control.signal }) ?? null
    if (answered === null) {
      this.#fault('question_refused', `The server asked for ${method}, which is not offered`)
      const error = { code: METHOD_NOT_FOUND, message: `Method not found: ${method}` }
      this.#reply(id, { kind: 'error', text: JSON.stringify(error) })
      return
    }
    this.#questions.set(id, control)
    for (const call of about) call.hold()
    void answered
      .catch((error: unknown): QuestionReply => {
        const text = JSON.stringify({ code: INTERNAL_ERROR, message: failureOf(error).message })
        return { kind: 'error', text }
      })
      .then((reply) => {
        this.#questions.delete(id)
        for (const call of about) {
          call.release()
          this.#deadlines.watch(call.dueAt)
        }
        // Whoever took a question back waits for no answer.
        if (!control.signal.aborted) this.#reply(id, reply)
      })
  }

  #reply(id: RequestId, { kind, text }: QuestionReply): void {
    const refused = (error: unknown) => this.#events.fault?.(failureOf(error))
    try {
      this.#open.send(Outgoing.reply(id, kind, text), null).catch(refused)
    } catch (error) {
      refused(error)
    }
  }

  #fault(code: string, message: string): void {
    this.#events.fault?.({ code, message, hint: null })
  }
}

function tagged(params: JsonObject, progressToken: number): JsonObject {
  return { ...params, _meta: { ...(isObject(params._meta) ? params._meta : {}), progressToken } }
}

/** `params` with these members in its `_meta`, which is left as it is where none of them changes it. */
function withMeta(
  paramsText: string,
  meta: Readonly<Record<string, string | undefined>>,
  progressToken: string | undefined,
): string {
  // An escape may hide a part of the key.
  const mayHaveMeta = paramsText.includes('"_meta"') || paramsText.includes('\\')
  const before = mayHaveMeta ? memberText(paramsText, '_meta') : undefined
  // Most calls: nothing to put in, and nothing to take out.
  if (before === undefined && progressToken === undefined && isEmpty(meta)) return paramsText
  const after = edited(before?.startsWith('{') ? before : '{}', { ...meta, progressToken })
  return edited(paramsText, { _meta: after })
}

function isEmpty(meta: Readonly<Record<string, string | undefined>>): boolean {
  for (const key in meta) if (meta[key] !== undefined) return false
  return true
}

function ambiguous(offence: JsonOffence): Failure {
  const what = {
    duplicate_key: 'a key that stands twice in one object',
    proto_key: 'a key named "__proto__"',
    nested_too_deep: `more than ${maxDepth} levels`,
  }[offence]
  return {
    code: offence,
    message: `The server answered with ${what}; it was not handed on`,
    hint: 'Report this to the author of the server; the raw text is kept.',
  }
}

function readProgress(progress: number, params: JsonObject): Progress {
  return {
    progress,
    total: typeof params.total === 'number' ? params.total : null,
    message: typeof params.message === 'string' ? params.message : null,
  }
}
