import type { LogBatch, LogLine } from '../../shared/log.ts'

const largestQueue = 10_000
const largestBatch = 200
const batchMs = 50

/**
 * The lines that wait for one live reader. A reader that is too slow loses the oldest ones and is told how many;
 * it never costs more memory than the queue holds.
 */
export class TailQueue {
  readonly #matches: (line: LogLine) => boolean
  /** Read from `#start`, so that taking the oldest moves nothing. */
  #lines: LogLine[] = []
  #start = 0
  #dropped = 0
  #lost = 0
  #timer: NodeJS.Timeout | null = null
  #isDue = false
  #isEnded = false
  #wake: (() => void) | null = null

  constructor(matches: (line: LogLine) => boolean) {
    this.#matches = matches
  }

  push(line: LogLine): void {
    if (this.#isEnded || !this.#matches(line)) return
    this.#lines.push(line)
    if (this.#size > largestQueue) {
      this.#start++
      this.#dropped++
      if (this.#start >= largestQueue) this.#compact()
    }
    this.#call()
  }

  /** Lines that this reader would have seen, had they not come too fast to be taken in. */
  lose(lines: number): void {
    if (this.#isEnded) return
    this.#lost += lines
    this.#call()
  }

  /** At most 200 lines or what came within 50 ms; null once it has ended. One reader at a time. */
  async next(): Promise<LogBatch | null> {
    while (!this.#isDue && !this.#isEnded) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    return this.#isEnded ? null : this.#take()
  }

  end(): void {
    this.#isEnded = true
    this.#lines = []
    this.#start = 0
    this.#ring()
  }

  get #size(): number {
    return this.#lines.length - this.#start
  }

  #take(): LogBatch {
    const lines = this.#lines.slice(this.#start, this.#start + largestBatch)
    const batch = { lines, dropped: this.#dropped, lost: this.#lost }
    this.#start += lines.length
    this.#dropped = 0
    this.#lost = 0
    if (this.#start > 1_000) this.#compact()
    this.#isDue = false
    if (this.#size > 0) this.#call()
    return batch
  }

  #call(): void {
    if (this.#size >= largestBatch) this.#ring()
    else this.#timer ??= setTimeout(() => this.#ring(), batchMs)
  }

  #ring(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#isDue = true
    this.#wake?.()
    this.#wake = null
  }

  #compact(): void {
    this.#lines = this.#lines.slice(this.#start)
    this.#start = 0
  }
}
