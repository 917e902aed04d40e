import { setTimeout as delay } from 'node:timers/promises'
import { isObject } from './json-object.ts'
import type { JsonObject, LinkInfo } from './link.ts'
import { type ListKind, listKinds } from './notifications.ts'
import type { Rpc } from './rpc.ts'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER

/**
 * Keeps one `subscriptions/listen` open for the list changes that a modern server offers; the notifications arrive
 * as any other. `onGap` is told what may have changed unheard while a broken subscription was opened anew. Ends with
 * the signal, which the end of the connection fires too, or when the server refuses.
 */
export async function keepListening(
  rpc: Rpc,
  info: LinkInfo,
  envelope: JsonObject,
  onGap: (kind: ListKind) => void,
  signal: AbortSignal,
): Promise<void> {
  const kinds = offeredChanges(info.capabilities)
  if (kinds.length === 0) return
  const notifications = Object.fromEntries(kinds.map((kind) => [`${kind}ListChanged`, true]))
  for (let pause = 0; !signal.aborted; pause = Math.min(pause * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS)) {
    if (pause > 0) {
      // Rejects only when the signal fires, which the loop looks at.
      await delay(pause, undefined, { signal, ref: false }).catch(() => {})
      if (signal.aborted) return
      for (const kind of kinds) onGap(kind)
    }
    const options = { timeoutMs: FOR_EVER_MS, maxTotalMs: FOR_EVER_MS, signal }
    const params = { notifications, _meta: envelope }
    const answer = await rpc.request('subscriptions/listen', params, options, { isSubscription: true })
    // A result is the server's polite end of the stream, a broken stream its rude one: both are worth another try.
    if (answer.kind === 'error' || answer.kind === 'cancelled') return
  }
}

function offeredChanges(capabilities: JsonObject): ListKind[] {
  return listKinds.filter((kind) => {
    const capability = capabilities[kind]
    return isObject(capability) && capability.listChanged === true
  })
}
