import { isObject } from '../../engine/links/json-object.ts'
import { memberText } from '../../engine/links/json-text.ts'
import type { JsonObject } from '../../engine/links/link.ts'
import { metaKeys } from '../../engine/links/protocol.ts'

/** One line that a client wrote, read for what we must know of it and kept as it was written. */
export interface ClientMessage {
  readonly text: string
  readonly value: JsonObject
  /** Null: an answer to a request of a server. */
  readonly method: string | null
  /** Of a request, as JSON text: ids keep their digits. Null: nobody waits for an answer. */
  readonly id: string | null
  /** Whether it carries the envelope of a stateless request. */
  readonly isModern: boolean
}

/** Null when the text is no JSON object. */
export function readClientMessage(text: string): ClientMessage | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isObject(value as JsonObject)) return null
  const message = value as JsonObject
  const method = typeof message.method === 'string' ? message.method : null
  const params = isObject(message.params) ? message.params : {}
  const meta = isObject(params._meta) ? params._meta : {}
  return {
    text,
    value: message,
    method,
    id: method === null ? null : (memberText(text, 'id') ?? null),
    isModern: typeof meta[metaKeys.protocolVersion] === 'string',
  }
}

/** The request that a `notifications/cancelled` gives up, as JSON text; null where it names none. */
export function cancelledId({ method, text }: ClientMessage): string | null {
  if (method !== 'notifications/cancelled') return null
  const params = memberText(text, 'params')
  return params === undefined ? null : (memberText(params, 'requestId') ?? null)
}

/** What may be asked twice where it is not known whether the first time counted. */
const repeatable: ReadonlySet<string | null> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'tasks/get',
])

export const isRepeatable = ({ method }: ClientMessage): boolean => repeatable.has(method)
