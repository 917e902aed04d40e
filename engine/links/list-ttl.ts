import type { Json } from './link.ts'

/** A server that does not say how long its lists stay good is asked once in this time. */
const UNTOLD_MS = 60_000
const SHORTEST_MS = 1000
const LONGEST_MS = 3_600_000

/** How long the lists of one server stay good, as it last said of each of them. */
export class ListTtl {
  readonly #byMethod = new Map<string, number>()

  /** Notes `ttlMs` of a list's answer; what says nothing that can be followed says nothing. */
  note(method: string, ttlMs: Json | undefined): void {
    if (typeof ttlMs === 'number' && ttlMs > 0) this.#byMethod.set(method, ttlMs)
    else this.#byMethod.delete(method)
  }

  /** Milliseconds after which all of them are worth asking for again. */
  get ms(): number {
    const told = [...this.#byMethod.values()]
    return told.length === 0 ? UNTOLD_MS : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.min(...told)))
  }
}
