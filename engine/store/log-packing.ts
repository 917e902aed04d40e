import type { LogLine } from '../../shared/log.ts'
import { blockBytes, blockLines, encodeBlock, type LogSegment, segmentsOf } from './log-block.ts'
import type { LogBlockTable } from './log-block-table.ts'
import { lineOfRow } from './log-row.ts'
import type { LogLineTable } from './schema.ts'
import type { Sqlite } from './sqlite.ts'

/** Lines of a block are no further apart, so that retention by age can tell them. */
const longestSpanMs = 24 * 3_600_000
/** Blocks made at once of rows that were there before. */
const blocksAtOnce = 4

/** Moves the rows of a server into a block once there are enough of them. */
export class LogPacking {
  readonly #blocks: LogBlockTable
  readonly #oldest: (server: string) => Iterable<LogLineTable>
  readonly #remove: (server: string, through: number) => void
  readonly #serverAfter: (server: string) => string | null
  readonly #packSome: (server: string) => boolean
  /** Bytes and lines of rows by server, as far as they are known. */
  readonly #waiting = new Map<string, { bytes: number; lines: number }>()
  #looked = ''

  constructor(sqlite: Sqlite, blocks: LogBlockTable) {
    this.#blocks = blocks
    const oldest = sqlite.prepare(`select * from log_lines where server = ? order by seq limit ${blockLines}`)
    const remove = sqlite.prepare('delete from log_lines where server = ? and seq <= ?')
    const after = sqlite.prepare('select min(server) from log_lines where server > ?').pluck()
    this.#oldest = (server) => oldest.iterate(server) as Iterable<LogLineTable>
    this.#remove = (server, through) => void remove.run(server, through)
    this.#serverAfter = (server) => after.get(server) as string | null
    this.#packSome = sqlite.transaction((server: string) => {
      for (let block = 0; block < blocksAtOnce; block++) if (!this.#pack(server)) return false
      return true
    }).immediate
  }

  /** Rows were added; in the transaction that adds them. */
  added(segments: readonly LogSegment[]): void {
    for (const { server, text, levels } of segments) {
      const before = this.#waiting.get(server)
      const waiting = { bytes: (before?.bytes ?? 0) + text.length, lines: (before?.lines ?? 0) + levels.length }
      this.#waiting.set(server, waiting)
      if (waiting.bytes >= blockBytes || waiting.lines >= blockLines) this.#pack(server)
    }
  }

  /** A small step through the rows of an earlier life; whether there may be more. */
  step(): boolean {
    const server = this.#serverAfter(this.#looked)
    if (server === null) return false
    if (!this.#packSome(server)) this.#looked = server
    return true
  }

  /** Makes a block of the oldest rows of a server; false where they are too few. */
  #pack(server: string): boolean {
    const lines: LogLine[] = []
    let bytes = 0
    let firstMs: number | null = null
    let isApart = false
    for (const row of this.#oldest(server)) {
      firstMs ??= row.at_ms
      isApart = Math.abs(row.at_ms - firstMs) > longestSpanMs
      if (isApart || bytes >= blockBytes) break
      lines.push(lineOfRow(row))
      bytes += row.text.length
    }
    const before = this.#waiting.get(server) ?? { bytes: 0, lines: 0 }
    if (!isApart && bytes < blockBytes && lines.length < blockLines) {
      this.#waiting.set(server, { bytes, lines: lines.length })
      return false
    }
    this.#blocks.insert(encodeBlock(segmentsOf(lines)))
    this.#remove(server, lines.at(-1)!.seq)
    const left = { bytes: Math.max(0, before.bytes - bytes), lines: Math.max(0, before.lines - lines.length) }
    this.#waiting.set(server, left)
    return true
  }
}
