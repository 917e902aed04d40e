export type Admission = 'entered' | 'full' | 'cancelled'

/**
 * At most so many calls at one time, and so many that wait for their turn in order. Our own, because a call that is
 * cancelled while it waits must leave its place at once.
 */
export class Bulkhead {
  readonly max: number
  readonly queue: number
  #inside = 0
  readonly #waiting: (() => void)[] = []

  constructor({ max, queue }: { max: number; queue: number }) {
    this.max = max
    this.queue = queue
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Whether one could enter without waiting. */
  get isOpen(): boolean {
    return this.#inside < this.max
  }

  /** Whoever entered must `leave`. */
  enter(signal: AbortSignal): Promise<Admission> {
    if (signal.aborted) return Promise.resolve('cancelled')
    if (this.isOpen) {
      this.#inside += 1
      return Promise.resolve('entered')
    }
    if (this.#waiting.length >= this.queue) return Promise.resolve('full')
    const { promise, resolve } = Promise.withResolvers<Admission>()
    const enter = (): void => {
      signal.removeEventListener('abort', giveUp)
      resolve('entered')
    }
    const giveUp = (): void => {
      this.#waiting.splice(this.#waiting.indexOf(enter), 1)
      resolve('cancelled')
    }
    signal.addEventListener('abort', giveUp, { once: true })
    this.#waiting.push(enter)
    return promise
  }

  /** Whoever has waited longest takes the place. */
  leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#inside -= 1
    else next()
  }
}
