import type { Decision } from '../../shared/approvals.ts'
import type { CallNames } from '../../shared/limits.ts'
import type { KeptDecision } from '../store/store.ts'

/** Answers that hold for later calls. Each is about a tool as it was worded then; what is worded otherwise asks anew. */
export class Memories {
  readonly #kept = new Map<string, KeptDecision>()

  constructor(kept: readonly KeptDecision[]) {
    for (const decision of kept) this.add(decision)
  }

  /** Nothing of an answer for once. */
  add(decision: KeptDecision): void {
    if (decision.remember !== 'once') this.#kept.set(decision.id, decision)
  }

  /** The newest that is about this call; null where none is. */
  find({ origin, agent, action }: CallNames, definition: string): KeptDecision | null {
    let found: KeptDecision | null = null
    for (const kept of this.#kept.values()) {
      if (kept.server !== agent || kept.tool !== action || kept.definition !== definition) continue
      if (kept.scope === 'tool' || kept.origin === origin) found = kept
    }
    return found
  }

  has(id: string): boolean {
    return this.#kept.has(id)
  }

  remove(id: string): void {
    this.#kept.delete(id)
  }

  list(): Decision[] {
    return [...this.#kept.values()].map(({ definition: _, ...decision }) => decision)
  }
}
