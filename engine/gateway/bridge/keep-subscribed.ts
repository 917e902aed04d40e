import { setTimeout as delay } from 'node:timers/promises'
import type { ForwardOptions, JsonObject, Link } from '../../links/link.ts'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER

interface Subscription {
  readonly notifications: JsonObject
  readonly meta?: NonNullable<ForwardOptions['meta']>
  /** It was broken and is opened anew: what changed meanwhile was told to nobody. */
  onAgain(): void
}

/**
 * Keeps one subscription to a modern server open until the signal fires or the server refuses it. A stream that breaks,
 * as it does when a remote server restarts, is opened anew.
 */
export async function keepSubscribed(
  link: Link,
  { notifications, meta, onAgain }: Subscription,
  signal: AbortSignal,
): Promise<void> {
  const paramsText = JSON.stringify({ notifications })
  for (let pause = 0; !signal.aborted; pause = Math.min(pause * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS)) {
    const isAgain = pause > 0
    // Ends early with the signal, which the next line looks at.
    if (isAgain) await delay(pause, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return
    const { kind } = await link.forward('subscriptions/listen', paramsText, {
      timeoutMs: FOR_EVER_MS,
      maxTotalMs: FOR_EVER_MS,
      signal,
      ...(meta && { meta }),
      ...(isAgain && { onSent: onAgain }),
    })
    if (kind === 'error' || kind === 'cancelled') return
  }
}
