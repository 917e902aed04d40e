import type { ListKind } from '../links/notifications.ts'

/**
 * Gathers what a server says has changed and asks for it at most once in `everyMs`, however often it says so.
 * `relist` must not reject.
 */
export class Relisting implements Disposable {
  readonly #everyMs: number
  readonly #relist: (kinds: readonly ListKind[]) => Promise<void>
  readonly #changed = new Set<ListKind>()
  #timer: NodeJS.Timeout | null = null
  #isBusy = false
  #isOver = false
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(everyMs: number, relist: (kinds: readonly ListKind[]) => Promise<void>) {
    this.#everyMs = everyMs
    this.#relist = relist
  }

  changed(kind: ListKind): void {
    this.#changed.add(kind)
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
    const kinds = [...this.#changed]
    this.#changed.clear()
    await this.#relist(kinds)
    this.#isBusy = false
    this.#schedule()
  }
}
