import type { Progress } from '../../shared/task.ts'

/** Milliseconds between two entries: at most 20 a second reach the record and the page. */
const intervalMs = 50

/**
 * Lets the first progress through at once and then the latest of each interval, with the number of those left out.
 * Disposing it lets the last one through, so that the record ends where the server ended.
 */
export class ProgressThrottle implements AsyncDisposable {
  readonly #emit: (progress: Progress, skipped: number) => Promise<void>
  #held: Progress | null = null
  #skipped = 0
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(emit: (progress: Progress, skipped: number) => Promise<void>) {
    this.#emit = emit
  }

  push(progress: Progress): void {
    if (this.#held !== null) this.#skipped += 1
    this.#held = progress
    if (this.#timer === null) this.#release()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#held !== null) this.#write(this.#held)
    await this.#writing
  }

  #release(): void {
    if (this.#held === null) {
      this.#timer = null
      return
    }
    this.#write(this.#held)
    this.#timer = setTimeout(() => this.#release(), intervalMs)
  }

  #write(progress: Progress): void {
    const skipped = this.#skipped
    this.#held = null
    this.#skipped = 0
    // A lost progress entry does not change what became of the call; the outcome's own write reports a broken store.
    const write = this.#emit(progress, skipped).catch(() => {})
    this.#writing = Promise.all([this.#writing, write]).then(() => {})
  }
}
