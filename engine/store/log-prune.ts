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

/** Ends at which a step may stop, in rows and in blocks from the oldest on. */
const rowSteps = [300, 1_250, 5_000]
const blocksAtOnce = 8
/** Newest lines that stay whatever the limits and the clock say. */
export const alwaysKept = 10_000

/**
 * Removes the oldest lines, a step at a time, with the part of the tally by the minute that is theirs alone. A block
 * goes as a whole, once its newest line may.
 */
export class LogPrune {
  readonly #sqlite: Sqlite
  readonly #alwaysKept: number
  readonly #lastSeq: () => number
  readonly #ends: () => number[]
  readonly #latestMs: (through: number) => number
  readonly #remove: (through: number) => number

  constructor(sqlite: Sqlite, kept = alwaysKept) {
    this.#sqlite = sqlite
    this.#alwaysKept = kept
    const lastSeq = sqlite
      .prepare(
        'select max(ifnull((select max(seq) from log_lines), 0), ifnull((select max(last_seq) from log_blocks), 0))',
      )
      .pluck()
    const rowAt = sqlite.prepare('select seq from log_lines order by seq limit 1 offset ?').pluck()
    const newestRow = sqlite.prepare('select max(seq) from log_lines').pluck()
    const blocks = sqlite.prepare(`select last_seq from log_blocks order by last_seq limit ${blocksAtOnce}`).pluck()
    const latest = sqlite
      .prepare(
        `select max(ifnull((select max(at_ms) from log_lines where seq <= @seq), 0),
         ifnull((select max(last_at_ms) from log_blocks where last_seq <= @seq), 0))`,
      )
      .pluck()
    const removeRows = sqlite.prepare('delete from log_lines where seq <= ?')
    const removeBodies = sqlite.prepare(
      'delete from log_bodies where block in (select id from log_blocks where last_seq <= ?)',
    )
    const linesInBlocks = sqlite.prepare('select sum(lines) from log_blocks where last_seq <= ?').pluck()
    const removeBlocks = sqlite.prepare('delete from log_blocks where last_seq <= ?')
    const removeMinutes = sqlite.prepare('delete from log_minutes where last_seq <= ?')

    this.#lastSeq = () => Number(lastSeq.get())
    this.#ends = () => {
      const ofRows = rowSteps.map((rows) => (rowAt.get(rows - 1) ?? newestRow.get()) as number | null)
      const ofBlocks = blocks.all() as number[]
      // A step is no longer than that of the one of both that ends first.
      const most = Math.min(ofBlocks.at(-1) ?? Number.MAX_SAFE_INTEGER, ofRows.at(-1) ?? Number.MAX_SAFE_INTEGER)
      return [...ofRows, ...ofBlocks].filter((end) => end !== null && end <= most).sort((a, b) => b! - a!) as number[]
    }
    this.#latestMs = (seq) => Number(latest.get({ seq }))
    this.#remove = sqlite.transaction((through: number): number => {
      const blocked = Number(linesInBlocks.get(through) ?? 0)
      removeMinutes.run(through)
      removeBodies.run(through)
      removeBlocks.run(through)
      return blocked + removeRows.run(through).changes
    }).immediate
  }

  /** Of the newest line; 0 where there is none. */
  lastSeq(): number {
    return this.#lastSeq()
  }

  /** One step; how many lines went. */
  step({ before, keep, keepBytes }: LogLimits): number {
    const last = this.#lastSeq()
    const isTooMuch = usedBytes(this.#sqlite) > keepBytes
    const mayGo = (end: number): boolean =>
      last - end >= this.#alwaysKept && (isTooMuch || last - end >= keep || this.#latestMs(end) < Date.parse(before))
    const end = this.#ends().find(mayGo)
    return end === undefined ? 0 : this.#remove(end)
  }
}
