import type { DayStats } from '../../shared/snapshot.ts'
import type { TaskRepo } from '../store/store.ts'

/** Least milliseconds between two counts, so that a busy minute costs no more than a quiet one. */
const quietMs = 2_000
/** Between two counts lies this many times the time that one takes, however many tasks there are. */
const spread = 100
/** The window moves on even when nothing happens. */
const refreshMs = 5 * 60_000

/** Keeps the numbers of the last 24 hours true without asking for them at every call. */
export class DayWatch implements Disposable {
  readonly #tasks: TaskRepo
  readonly #onChange: (day: DayStats) => void
  readonly #refresh: NodeJS.Timeout
  #pending: NodeJS.Timeout | null = null
  #tookMs = 0

  constructor(tasks: TaskRepo, onChange: (day: DayStats) => void) {
    this.#tasks = tasks
    this.#onChange = onChange
    this.#refresh = setInterval(() => this.touch(), refreshMs)
    this.#refresh.unref()
  }

  /** Something ended: count again soon. */
  touch(): void {
    this.#pending ??= setTimeout(() => void this.#count(), Math.max(quietMs, this.#tookMs * spread))
  }

  async #count(): Promise<void> {
    this.#pending = null
    const begunMs = performance.now()
    // A store that fails says so by its own banner; the old numbers stay until it answers.
    await this.#tasks.day(new Date().toISOString()).then(this.#onChange, () => {})
    this.#tookMs = performance.now() - begunMs
  }

  [Symbol.dispose](): void {
    clearInterval(this.#refresh)
    if (this.#pending !== null) clearTimeout(this.#pending)
  }
}
