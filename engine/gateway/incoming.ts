import { isUtf8 } from 'node:buffer'
import { isObject } from '../links/json-object.ts'
import type { RequestId } from '../links/json-scan.ts'
import { type JsonOffence, type Member, maxDepth, memberText, type Outline, outlineOf } from '../links/json-text.ts'
import type { Json, JsonObject } from '../links/link.ts'
import { isRequestId } from '../links/read-message.ts'
import type { ClientAnswer } from './call.ts'
import { errorCodes } from './error-codes.ts'

/** One JSON-RPC message of a client. */
export type Incoming = IncomingRequest | IncomingNotification | IncomingAnswer

export interface IncomingRequest {
  readonly kind: 'request'
  readonly id: RequestId
  /** As the client wrote it: that is how it gets it back. */
  readonly idText: string
  readonly method: string
  readonly params: JsonObject
  readonly paramsText: string
  readonly paramsMembers: readonly Member[]
}

interface IncomingNotification {
  readonly kind: 'notification'
  readonly method: string
  readonly params: JsonObject
}

interface IncomingAnswer {
  readonly kind: 'answer'
  readonly id: RequestId
  readonly answer: ClientAnswer
}

/** Why a body is not taken, as the error of a JSON-RPC response. */
export interface BodyRefusal {
  readonly kind: 'refused'
  readonly code: number
  readonly message: string
  readonly idText: string
}

export type Body = { kind: 'messages'; messages: Incoming[]; isBatch: boolean } | BodyRefusal

const mostInBatch = 100
/** Stands for what was no UTF-8, or for itself. */
const replacement = '\ufffd'

const offences: Readonly<Record<JsonOffence, string>> = {
  duplicate_key: 'a key stands twice in one object, which readers take in different ways',
  proto_key: 'a key is named "__proto__"',
  nested_too_deep: `it is nested deeper than ${maxDepth} levels`,
}

/** The messages in the body of a POST. What two readers may read in two ways is refused whole. */
export function readBody(bytes: Buffer): Body {
  const text = bytes.toString('utf8')
  if (text.includes(replacement) && !isUtf8(bytes)) {
    return refused(errorCodes.parse, 'Parse error: the body is not UTF-8')
  }
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    return refused(errorCodes.parse, 'Parse error: the body is not valid JSON')
  }
  const outline = outlineOf(text, 'params')
  if (typeof outline === 'string') return refused(errorCodes.invalidRequest, `Invalid Request: ${offences[outline]}`)
  if (!Array.isArray(value)) {
    const message = readMessage(text, value, outline)
    return 'code' in message ? message : { kind: 'messages', messages: [message], isBatch: false }
  }
  if (value.length === 0 || value.length > mostInBatch) {
    return refused(errorCodes.invalidRequest, `Invalid Request: a batch holds 1 to ${mostInBatch} messages`)
  }
  const messages: Incoming[] = []
  for (const item of value) {
    // Batches are of one old revision; their numbers' spelling is lost, which that revision's clients do not mind.
    const own = JSON.stringify(item)
    const message = readMessage(own, item, outlineOf(own, 'params') as Outline)
    if ('code' in message) return message
    messages.push(message)
  }
  return { kind: 'messages', messages, isBatch: true }
}

function readMessage(text: string, value: Json, { members, inner: paramsMembers }: Outline): Incoming | BodyRefusal {
  if (!isObject(value) || value.jsonrpc !== '2.0') {
    return refused(errorCodes.invalidRequest, 'Invalid Request: the body is no JSON-RPC 2.0 message')
  }
  const { id, method, params = {} } = value
  const idText = isRequestId(id) ? memberText(text, 'id', members)! : 'null'
  if (typeof method === 'string') {
    if (!isObject(params)) return refused(errorCodes.invalidRequest, 'Invalid Request: params is no object', idText)
    if (id === undefined) return { kind: 'notification', method, params }
    if (!isRequestId(id)) return refused(errorCodes.invalidRequest, 'Invalid Request: the id is no string or number')
    const paramsText = memberText(text, 'params', members) ?? '{}'
    return { kind: 'request', id, idText, method, params, paramsText, paramsMembers }
  }
  if (!isRequestId(id)) return refused(errorCodes.invalidRequest, 'Invalid Request: neither method nor id')
  if (isObject(value.error)) {
    return { kind: 'answer', id, answer: { kind: 'error', text: memberText(text, 'error', members)! } }
  }
  if (isObject(value.result)) {
    return { kind: 'answer', id, answer: { kind: 'result', text: memberText(text, 'result', members)! } }
  }
  return refused(errorCodes.invalidRequest, 'Invalid Request: neither method, result nor error', idText)
}

function refused(code: number, message: string, idText = 'null'): BodyRefusal {
  return { kind: 'refused', code, message, idText }
}
