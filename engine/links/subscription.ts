import { setTimeout as delay } from 'node:timers/promises'
import { isObject } from './json-object.ts'
import type { JsonObject, LinkInfo } from './link.ts'
import type { Rpc } from './rpc.ts'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER

/**
 * Keeps one `subscriptions/listen` open for the list changes that a modern server offers; the notifications arrive
 * as any other. Ends with the signal, with the connection, or when the server refuses.
 */
export async function keepListening(
  rpc: Rpc,
  info: LinkInfo,
  envelope: JsonObject,
  signal: AbortSignal,
): Promise<void> {
  const notifications = offeredChanges(info.capabilities)
  if (Object.keys(notifications).length === 0) return
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const options = { timeoutMs: FOR_EVER_MS, maxTotalMs: FOR_EVER_MS, signal }
    const params = { notifications, _meta: envelope }
    const answer = await rpc.request('subscriptions/listen', params, options, { isSubscription: true })
    // A result is the server's polite end of the stream, a broken stream its rude one: both are worth another try.
    if (answer.kind !== 'result' && answer.kind !== 'invalid') return
    await delay(pause, undefined, { signal, ref: false }).catch(() => {})
  }
}

function offeredChanges(capabilities: JsonObject): JsonObject {
  const offers = (kind: string) => {
    const capability = capabilities[kind]
    return isObject(capability) && capability.listChanged === true
  }
  return {
    ...(offers('tools') && { toolsListChanged: true }),
    ...(offers('resources') && { resourcesListChanged: true }),
    ...(offers('prompts') && { promptsListChanged: true }),
  }
}
