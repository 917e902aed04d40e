import type { ListKind } from '../links/notifications.ts'

/**
 * Gathers what a server says has changed and asks for it at most once in `everyMs`, however often it says so.
 * `relist` gets the kinds with the number of times that each was said; it must not reject.
 */
export class Relisting implements Disposable {
  readonly #everyMs: number
  readonly #relist: (changes: ReadonlyMap<ListKind, number>) => Promise<void>
  /** How often each kind was said to have changed since it was asked for last. */
  #changed = new Map<ListKind, number>()
  #timer: NodeJS.Timeout | null = null
  #isBusy = false
  #isOver = false
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(everyMs: number, relist: (changes: ReadonlyMap<ListKind, number>) => Promise<void>) {
    this.#everyMs = everyMs
    this.#relist = relist
  }

  changed(kind: ListKind): void {
    this.#changed.set(kind, (this.#changed.get(kind) ?? 0) + 1)
    this.#schedule()
  }

  [Symbol.dispose](): void {
    this.#isOver = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #schedule(): void {
    if (this.#isOver || this.#isBusy || this.#timer !== null || this.#changed.size === 0) return
    const waitMs = Math.max(0, this.#lastMs + this.#everyMs - performance.now())
    this.#timer = setTimeout(() => void this.#run(), waitMs)
  }

  async #run(): Promise<void> {
    this.#timer = null
    this.#isBusy = true
    this.#lastMs = performance.now()
    const changes = this.#changed
    this.#changed = new Map()
    await this.#relist(changes)
    this.#isBusy = false
    this.#schedule()
  }
}
