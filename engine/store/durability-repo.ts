import { setDurability } from './pragmas.ts'
import type { Sqlite } from './sqlite.ts'

/** What acknowledged tasks survive, beside any death of the app. */
export class DurabilityRepo {
  readonly #sqlite: Sqlite
  readonly #durable: Sqlite

  constructor(sqlite: Sqlite, durable: Sqlite) {
    this.#sqlite = sqlite
    this.#durable = durable
  }

  /** Takes effect with the next commit. */
  async survivePowerCut(on: boolean): Promise<void> {
    setDurability(this.#sqlite, on ? 'power_cut' : 'app_death')
  }

  /** As SQLite has it: 2 is FULL, 1 is NORMAL. */
  async synchronous(): Promise<{ tasks: number; settings: number }> {
    return { tasks: synchronousOf(this.#sqlite), settings: synchronousOf(this.#durable) }
  }
}

function synchronousOf(sqlite: Sqlite): number {
  return Number(sqlite.pragma('synchronous', { simple: true }))
}
