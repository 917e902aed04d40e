import { setTimeout as delay } from 'node:timers/promises'
import { AppError, type Failure } from '../../shared/app-error.ts'
import { waitAskedFor } from './http-failure.ts'

/** A pause up to this long is waited out by the calls; a longer one fails them at once. */
const heldMs = 10_000

/** The time for which a server has asked to be left in peace. Nothing is sent to it meanwhile. */
export class AskedPause {
  #untilMs = Number.NEGATIVE_INFINITY

  /** Takes note of what a failure asks for. True where the pause is short enough to be waited out. */
  note(failure: Failure): boolean {
    const ms = waitAskedFor(failure)
    if (ms === null) return false
    this.#untilMs = Math.max(this.#untilMs, performance.now() + ms)
    return ms <= heldMs
  }

  /** Resolves when the pause is over. Throws `asked_to_wait` where it is too long for a call. */
  async over(host: string, signal: AbortSignal): Promise<void> {
    for (let leftMs = this.#leftMs(); leftMs > 0; leftMs = this.#leftMs()) {
      if (leftMs > heldMs) {
        const wait = `${Math.ceil(leftMs / 1000)} s`
        throw new AppError(
          'asked_to_wait',
          `${host} has asked to be left in peace for ${wait} more; nothing was sent`,
          {
            hint: `Call again in ${wait}.`,
          },
        )
      }
      await delay(leftMs, undefined, { signal })
    }
  }

  #leftMs(): number {
    return Math.ceil(this.#untilMs - performance.now())
  }
}
