import type { ForwardOptions, JsonObject, Link, RawAnswer } from '../../links/link.ts'
import type { Question, QuestionReply } from '../../links/link-options.ts'
import type { QuestionWatch } from '../../tasks/forwarded-call.ts'
import { errorOf, type GatewayCall, type Reply } from '../call.ts'
import { abilityNames, isQuestionMethod, lackingFor } from './question-kinds.ts'

/** One request of a client on its way to a server, which may ask that client something before it answers. */
export interface BridgedCall {
  /** The client, whichever of its requests holds a stream open at the moment. */
  readonly call: GatewayCall
  /** Makes whoever wants to know that it waits for its client; asked when it first does. */
  watch: (() => QuestionWatch) | null
  /** Whether its client has been asked something and has not answered. */
  readonly isWaiting: boolean
  /** As the link's own, in as many rounds as the server wants. */
  forward(link: Link, method: string, paramsText: string, options: ForwardOptions): Promise<RawAnswer>
  /** Puts a question of a legacy server, which came while this request was in flight, to the client. */
  answer(question: Question): Promise<QuestionReply>
}

const INVALID_REQUEST = -32600
const METHOD_NOT_FOUND = -32601
const MISSING_CAPABILITY = -32021

export const refusal = (code: number, message: string): { kind: 'error'; text: string } => ({
  kind: 'error',
  text: JSON.stringify({ code, message }),
})

/** Why this client cannot be asked, and what it would have to declare; null when it can. */
export function unaskable(
  { client }: GatewayCall,
  { method, params }: Pick<Question, 'method' | 'params'>,
): { reply: QuestionReply; lacking: JsonObject } | null {
  if (!isQuestionMethod(method)) {
    return { reply: refusal(METHOD_NOT_FOUND, `Method not found: ${method}`), lacking: {} }
  }
  const lacking = lackingFor(method, params, client.capabilities)
  if (lacking === null) return null
  const name = client.implementation?.name ?? 'The client'
  return { reply: refusal(INVALID_REQUEST, `${name} cannot ${abilityNames[method]}`), lacking }
}

/** The refusal that a client is given whose own lack is why the call failed, in the words of its era. */
export function missingCapability({ client }: GatewayCall, lacking: JsonObject): Reply {
  const message = `The server needs a client that declares ${Object.keys(lacking).join(' and ')}`
  if (client.era === 'legacy') return errorOf(INVALID_REQUEST, message)
  return errorOf(MISSING_CAPABILITY, message, { data: { requiredCapabilities: lacking }, status: 400 })
}

/** A reply whose error is the modern "missing capability", as this client may hear it. */
export function withOwnLack(call: GatewayCall, reply: Reply): Reply {
  if (reply.kind !== 'error') return reply
  const { code, data } = JSON.parse(reply.text) as { code: number; data?: { requiredCapabilities?: JsonObject } }
  // What the server lacks is what this client did not declare: its capabilities go along with each request.
  return code === MISSING_CAPABILITY ? missingCapability(call, data?.requiredCapabilities ?? {}) : reply
}
