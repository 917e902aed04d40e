interface SleepWatchOptions {
  readonly everyMs?: number
  /** A look that comes later than this after it was due means that the machine slept, or stood as if it did. */
  readonly lateMs?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Tells when the machine has slept. Timers stand still meanwhile and the wall clock does not, so a look at the clock that
 * should have been five seconds after the last one is much later.
 */
export class SleepWatch implements Disposable {
  readonly #timer: NodeJS.Timeout

  constructor(
    onWake: (sleptMs: number) => void,
    { everyMs = 5000, lateMs = 10_000, now = Date.now }: SleepWatchOptions = {},
  ) {
    let before = now()
    this.#timer = setInterval(() => {
      const at = now()
      const sleptMs = at - before - everyMs
      before = at
      if (sleptMs > lateMs) onWake(sleptMs)
    }, everyMs)
    this.#timer.unref()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
