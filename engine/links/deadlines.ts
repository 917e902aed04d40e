/** What ends when its time is over. */
export interface Bounded {
  /** By the monotonic clock; Infinity while time does not count. */
  readonly dueAt: number
  /** Its time is over. */
  expire(): void
}

/** The largest delay that timers take; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1

/**
 * One timer for everything that waits side by side: nearly all of it ends long before its time, and a timer each, made and taken
 * back, cost more than the wait. It looks when the soonest of them may be over, and sets itself anew.
 */
export class Deadlines implements Disposable {
  readonly #waiting: () => Iterable<Bounded>
  #timer: NodeJS.Timeout | null = null
  #looksAt = Number.POSITIVE_INFINITY

  /** `waiting`: what is waiting when it looks. */
  constructor(waiting: () => Iterable<Bounded>) {
    this.#waiting = waiting
  }

  /** Something is due then: told of each that begins to wait, and of each whose time becomes shorter. */
  watch(dueAt: number): void {
    if (dueAt >= this.#looksAt) return
    this.#looksAt = dueAt
    if (this.#timer !== null) clearTimeout(this.#timer)
    const delayMs = Math.max(1, Math.ceil(dueAt - performance.now()))
    this.#timer = setTimeout(() => this.#look(), Math.min(delayMs, longestTimerMs))
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    // Whoever is still told of something has been disposed of: nothing is looked at any more.
    this.#looksAt = Number.NEGATIVE_INFINITY
  }

  #look(): void {
    this.#timer = null
    this.#looksAt = Number.POSITIVE_INFINITY
    const now = performance.now()
    for (const one of [...this.#waiting()]) {
      if (one.dueAt <= now) one.expire()
      else this.watch(one.dueAt)
    }
  }
}
