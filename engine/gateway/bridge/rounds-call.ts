import { failureOf } from '../../../shared/app-error.ts'
import { edited, membersOf, memberText } from '../../links/json-text.ts'
import type { ForwardOptions, JsonObject, Link, RawAnswer } from '../../links/link.ts'
import type { Question, QuestionReply } from '../../links/link-options.ts'
import { metaKeys } from '../../links/protocol.ts'
import type { QuestionWatch } from '../../tasks/forwarded-call.ts'
import { errorOf, type GatewayCall, type Reply } from '../call.ts'
import { type BridgedCall, missingCapability, refusal, unaskable, withOwnLack } from './bridged-call.ts'
import { refusedState, withinStateLimit } from './state-limit.ts'

const INTERNAL_ERROR = -32603
const METHOD_NOT_FOUND = -32601

interface Pending {
  readonly method: string
  readonly paramsText: string
  readonly resolve: (reply: QuestionReply) => void
}

/** What a round of the client ends with: the outcome, or questions to be answered in another round. */
export type RoundEnd = { kind: 'done'; reply: Reply } | { kind: 'asks'; inputRequests: string }

/**
 * The request of a modern client. What a modern server wants goes out untouched and ends the call. A legacy server's call
 * is held open while the client answers what it asked: each round of the client gives answers and waits on.
 */
export class RoundsCall implements BridgedCall {
  /** As the work sees it: its signal and its stream last over all rounds. */
  readonly call: GatewayCall
  watch: (() => QuestionWatch) | null = null
  #watch: QuestionWatch | null = null
  readonly #abort = new AbortController()
  readonly #pending = new Map<string, Pending>()
  #round: GatewayCall | null
  #outcome: Promise<RoundEnd> | null = null
  #asked = Promise.withResolvers<void>()
  #questions = 0
  #lacking: JsonObject | null = null

  constructor(first: GatewayCall) {
    this.#round = first
    const { caller, scope, client, session, headers, id, method, params, paramsText, paramsMembers, trace } = first
    this.call = {
      caller,
      scope,
      client,
      session,
      headers,
      id,
      method,
      params,
      paramsText,
      paramsMembers,
      trace,
      signal: this.#abort.signal,
      onCancel: (listener) => this.#abort.signal.addEventListener('abort', listener, { once: true }),
      notify: (notified, text) => this.#notify(first, notified, text),
      ask: () => Promise.resolve({ kind: 'unanswered', reason: 'no_session' }),
    }
  }

  get isWaiting(): boolean {
    return this.#pending.size > 0
  }

  /** The first round. */
  begin(work: (bridged: BridgedCall) => Promise<Reply>): Promise<RoundEnd> {
    const reply = work(this).catch((error: unknown) => errorOf(INTERNAL_ERROR, failureOf(error).message))
    this.#outcome = reply.then((told) => ({ kind: 'done', reply: this.#told(told) }))
    return this.#next(this.#round!)
  }

  /** Another round: gives what it answers and waits for the outcome or the next question. */
  resume(round: GatewayCall): Promise<RoundEnd> {
    this.#round = round
    const responses = memberText(round.paramsText, 'inputResponses') ?? '{}'
    for (const { key, start, end } of membersOf(responses)) {
      const text = responses.slice(start, end)
      // What is no object is no answer: it is asked once more.
      if (text.startsWith('{')) this.#pending.get(key)?.resolve({ kind: 'result', text })
    }
    return this.#next(round)
  }

  /** Gives the call up; the server is told, and so is whatever question of its still waits. */
  abandon(): void {
    this.#abort.abort()
    for (const { resolve } of this.#pending.values()) {
      resolve(refusal(INTERNAL_ERROR, 'The client did not come back with an answer'))
    }
  }

  forward(link: Link, method: string, paramsText: string, options: ForwardOptions): Promise<RawAnswer> {
    const meta = memberText(this.call.paramsText, '_meta') ?? '{}'
    const own = [metaKeys.clientCapabilities, metaKeys.clientInfo, metaKeys.logLevel]
    const said = own.flatMap((key) => {
      const text = memberText(meta, key)
      return text === undefined ? [] : [[key, text] as const]
    })
    const refused = refusedState(paramsText)
    if (refused !== null) return Promise.resolve(refused)
    const about = { owner: this, client: this.call.caller, meta: Object.fromEntries(said) }
    const sent = link.forward(method, paramsText, { ...options, ...about })
    return sent.then(withinStateLimit)
  }

  async answer(question: Question): Promise<QuestionReply> {
    const { method, params, paramsText, signal } = question
    const refused = unaskable(this.call, question)
    if (refused !== null) {
      this.#lacking = { ...this.#lacking, ...refused.lacking }
      return refused.reply
    }
    const key = `question-${++this.#questions}`
    this.#watch ??= this.watch?.() ?? null
    this.#watch?.asked(method, params)
    const { promise, resolve } = Promise.withResolvers<QuestionReply>()
    const takenBack = () => resolve(refusal(METHOD_NOT_FOUND, 'The question was taken back'))
    signal.addEventListener('abort', takenBack, { once: true })
    this.#pending.set(key, { method, paramsText: edited(paramsText, { _meta: undefined }), resolve })
    this.#asked.resolve()
    const reply = await promise
    signal.removeEventListener('abort', takenBack)
    this.#pending.delete(key)
    this.#watch?.answered(method, params, JSON.parse(reply.text))
    return reply
  }

  async #next(round: GatewayCall): Promise<RoundEnd> {
    const abandon = () => this.abandon()
    round.signal.addEventListener('abort', abandon, { once: true })
    // Answers given just now leave the table with the next turn.
    await Promise.resolve()
    if (this.#pending.size === 0) this.#asked = Promise.withResolvers()
    const end = await Promise.race([this.#outcome!, this.#asked.promise.then(() => this.#open())])
    round.signal.removeEventListener('abort', abandon)
    this.#round = null
    return end
  }

  #open(): RoundEnd {
    const requests = [...this.#pending].map(
      ([key, { method, paramsText }]) => `"${key}":{"method":${JSON.stringify(method)},"params":${paramsText}}`,
    )
    return { kind: 'asks', inputRequests: `{${requests.join(',')}}` }
  }

  /** A failure that comes from what the client cannot is told as that, not as what the server made of it. */
  #told(reply: Reply): Reply {
    const isFailure = reply.kind === 'error' || memberText(reply.text, 'isError') === 'true'
    if (this.#lacking !== null && isFailure) return missingCapability(this.call, this.#lacking)
    return withOwnLack(this.call, reply)
  }

  #notify(first: GatewayCall, method: string, paramsText: string): void {
    const round = this.#round
    // Between two rounds the client has no stream; the record of the call has it all.
    if (round === null) return
    if (round === first || method !== 'notifications/progress') {
      round.notify(method, paramsText)
      return
    }
    const token = memberText(memberText(round.paramsText, '_meta') ?? '{}', 'progressToken')
    if (token !== undefined) round.notify(method, edited(paramsText, { progressToken: token }))
  }
}
