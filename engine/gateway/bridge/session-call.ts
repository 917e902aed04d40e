import { isObject } from '../../links/json-object.ts'
import { edited, membersOf, memberText } from '../../links/json-text.ts'
import type { ForwardOptions, Json, JsonObject, Link, RawAnswer } from '../../links/link.ts'
import type { Question, QuestionReply } from '../../links/link-options.ts'
import { metaKeys } from '../../links/protocol.ts'
import type { QuestionWatch } from '../../tasks/forwarded-call.ts'
import type { GatewayCall } from '../call.ts'
import { type BridgedCall, refusal, unaskable } from './bridged-call.ts'
import { withinStateLimit } from './state-limit.ts'

/** How often a modern server may ask for more before it answers. */
const mostRounds = 8
const INTERNAL_ERROR = -32603

/**
 * The request of a legacy client: its session can be asked on the stream of the request. What a legacy server asks is
 * handed on; what a modern one wants as `input_required` is asked question by question and sent along in another round.
 */
export class SessionCall implements BridgedCall {
  readonly call: GatewayCall
  watch: (() => QuestionWatch) | null = null
  #watch: QuestionWatch | null = null
  #open = 0

  constructor(call: GatewayCall) {
    this.call = call
  }

  get isWaiting(): boolean {
    return this.#open > 0
  }

  answer({ method, params, paramsText, signal }: Question): Promise<QuestionReply> {
    return this.#ask(method, params, paramsText, signal)
  }

  async forward(link: Link, method: string, paramsText: string, options: ForwardOptions): Promise<RawAnswer> {
    // A legacy server is told nothing of this with a request.
    const client = this.call.caller
    const about = link.info.era === 'modern' ? { owner: this, client, meta: this.#meta() } : { owner: this, client }
    const send = (text: string) => link.forward(method, text, { ...options, ...about })
    let answer = withinStateLimit(await send(paramsText))
    for (let round = 1; isInputRequired(answer); round++) {
      if (round > mostRounds) return failed(`The server asked for more input ${mostRounds} times and did not answer`)
      // Between two rounds nothing is in flight that could be cancelled.
      const asking = new AbortController()
      options.onCancellable?.(() => asking.abort())
      const inputResponses = await this.#answersTo(answer.text, asking.signal)
      if (asking.signal.aborted) return { kind: 'cancelled' }
      if (inputResponses.kind === 'error') return failed(inputResponses.message)
      const requestState = memberText(answer.text, 'requestState')
      answer = withinStateLimit(await send(edited(paramsText, { inputResponses: inputResponses.text, requestState })))
    }
    return answer
  }

  /** What a modern server is told about the client, as JSON. */
  #meta(): Record<string, string> {
    const { client, session } = this.call
    const level = session?.logLevel ?? null
    return {
      [metaKeys.clientCapabilities]: JSON.stringify(modernCapabilities(client.capabilities)),
      ...(level !== null && { [metaKeys.logLevel]: JSON.stringify(level) }),
    }
  }

  /** The answers to all questions of a round, as the JSON of `inputResponses`. */
  async #answersTo(
    resultText: string,
    signal: AbortSignal | undefined,
  ): Promise<{ kind: 'answers'; text: string } | { kind: 'error'; message: string }> {
    const requests = memberText(resultText, 'inputRequests') ?? '{}'
    const answers: string[] = []
    // One after the other: a person can answer one at a time.
    for (const { key, start, end } of membersOf(requests)) {
      const request = requests.slice(start, end)
      const asked = JSON.parse(request) as Json
      if (!isObject(asked) || typeof asked.method !== 'string') {
        return { kind: 'error', message: 'The server asked for input without a method' }
      }
      const { method } = asked
      const [params, paramsText] = isObject(asked.params) ? [asked.params, memberText(request, 'params')!] : [{}, '{}']
      const reply = await this.#ask(method, params, paramsText, signal)
      const text = reply.kind === 'result' ? reply.text : declined(method)
      if (text === null) return { kind: 'error', message: `${method} was not answered: ${messageOf(reply.text)}` }
      answers.push(`${JSON.stringify(key)}:${text}`)
    }
    return { kind: 'answers', text: `{${answers.join(',')}}` }
  }

  async #ask(
    method: string,
    params: JsonObject,
    paramsText: string,
    signal: AbortSignal | undefined,
  ): Promise<QuestionReply> {
    const refused = unaskable(this.call, { method, params })
    if (refused !== null) return refused.reply
    this.#watch ??= this.watch?.() ?? null
    this.#watch?.asked(method, params)
    const ended = signal === undefined ? this.call.signal : AbortSignal.any([signal, this.call.signal])
    this.#open++
    const answer = await this.call.ask(method, paramsText, ended)
    this.#open--
    const reply =
      answer.kind === 'unanswered' ? refusal(INTERNAL_ERROR, 'The client went away before it answered') : answer
    this.#watch?.answered(method, params, JSON.parse(reply.text))
    return reply
  }
}

export function isInputRequired(answer: RawAnswer): answer is RawAnswer & { kind: 'result' } {
  return answer.kind === 'result' && answer.result.resultType === 'input_required'
}

/** What stands for an answer that is none, where the protocol has a word for that; null where it has not. */
function declined(method: string): string | null {
  return method === 'elicitation/create' ? '{"action":"cancel"}' : null
}

function failed(message: string): RawAnswer {
  const error = { code: INTERNAL_ERROR, message }
  return { kind: 'error', text: JSON.stringify(error), error }
}

const messageOf = (errorText: string): string => String((JSON.parse(errorText) as { message?: unknown }).message)

/** What a legacy client declared, as a modern server can make use of it: tasks of the old kind are not those of the new. */
export function modernCapabilities(capabilities: JsonObject): JsonObject {
  const { elicitation, sampling, roots, extensions } = capabilities
  const { 'io.modelcontextprotocol/tasks': _, ...others } = isObject(extensions) ? extensions : {}
  return {
    ...(isObject(elicitation) && { elicitation }),
    ...(isObject(sampling) && { sampling }),
    ...(isObject(roots) && { roots: {} }),
    ...(Object.keys(others).length > 0 && { extensions: others }),
  }
}
