import type { Sqlite } from './sqlite.ts'
import { usedBytes } from './used-bytes.ts'

export interface LogLimits {
  /** Lines before it may go. RFC 3339. */
  before: string
  /** So many lines stay at most. */
  keep: number
  /** The file holds so many bytes at most; what lines leave behind is used again before it grows. */
  keepBytes: number
}

const stepSize = 5_000
/** Whatever the limits and the clock say. */
const alwaysKept = 10_000

/** Removes the oldest lines, a step at a time, with the part of the tally by the minute that is theirs alone. */
export class LogPrune {
  readonly #sqlite: Sqlite
  readonly #span: () => { first: number | null; last: number | null }
  readonly #place: (first: number) => { seq: number; at_ms: number } | undefined
  readonly #remove: (through: number) => number

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
    const span = sqlite.prepare(
      'select (select min(seq) from log_lines) as first, (select max(seq) from log_lines) as last',
    )
    const place = sqlite.prepare(
      `select max(seq) as seq, max(at_ms) as at_ms from (select seq, at_ms from log_lines where seq >= ? order by seq limit ${stepSize})`,
    )
    const lines = sqlite.prepare('delete from log_lines where seq <= ?')
    const minutes = sqlite.prepare('delete from log_minutes where last_seq <= ?')
    this.#span = () => span.get() as { first: number | null; last: number | null }
    this.#place = (first) => place.get(first) as { seq: number; at_ms: number } | undefined
    this.#remove = (through) => {
      minutes.run(through)
      return lines.run(through).changes
    }
  }

  /** One step; how many lines went. */
  step({ before, keep, keepBytes }: LogLimits): number {
    const { first, last } = this.#span()
    if (first === null || last === null) return 0
    const step = this.#place(first)
    if (step === undefined || last - step.seq < alwaysKept) return 0
    const isOld = step.at_ms < Date.parse(before)
    const isSurplus = last - step.seq >= keep
    return isOld || isSurplus || usedBytes(this.#sqlite) > keepBytes ? this.#remove(step.seq) : 0
  }
}
