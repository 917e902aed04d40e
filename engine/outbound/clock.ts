import { setTimeout as delay } from 'node:timers/promises'

/** Time as this folder sees it; tests hand in their own. */
export interface OutboundClock {
  /** Milliseconds since 1970. */
  now(): number
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: OutboundClock = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    await delay(ms, undefined, { signal })
  },
}
