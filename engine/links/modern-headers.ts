import { isObject } from './json-object.ts'
import type { Json, JsonObject } from './link.ts'
import type { MirroredArguments } from './mirrored-arguments.ts'
import { metaKeys } from './protocol.ts'

/** The param that each method repeats in `Mcp-Name`. */
export const nameSources: ReadonlyMap<unknown, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** The headers that a modern request repeats from its body; none for a message without the modern envelope. */
export function modernHeaders(message: JsonObject, mirrored: MirroredArguments): Record<string, string> {
  const params = isObject(message.params) ? message.params : {}
  const meta = isObject(params._meta) ? params._meta : {}
  const version = meta[metaKeys.protocolVersion]
  if (typeof version !== 'string' || typeof message.method !== 'string') return {}
  const source = nameSources.get(message.method)
  const name: Json | undefined = source === undefined ? undefined : params[source]
  return {
    'mcp-protocol-version': version,
    'mcp-method': message.method,
    ...(typeof name === 'string' && { 'mcp-name': headerValue(name) }),
    ...Object.fromEntries(Object.entries(mirrored.of(message)).map(([header, value]) => [header, headerValue(value)])),
  }
}

/** Text as a header can carry it: as it is, or in the base64 form where that would change it. */
function headerValue(text: string): string {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?base64?')
  return isPlain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`
}
