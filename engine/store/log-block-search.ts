import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ServerId } from '../../shared/ids.ts'
import { type LogLine, logLevels } from '../../shared/log.ts'
import { errorCode } from './error-code.ts'
import { decodeSegments, decodeText, type LogSegment, linesOf, rankOf, streamBit } from './log-block.ts'
import type { BlockFacts, LogBlockTable } from './log-block-table.ts'
import { type LogListFilter, rankOfFilter, streamBits } from './log-query.ts'
import { isAscii, textMatcher } from './text-matcher.ts'

/** So long a search keeps the thread before others get their turn. */
const sliceMs = 20

/** The lines of a filter within a range of `seq`, both ends included. */
export interface LineSearch {
  filter: LogListFilter
  first: number
  last: number
  /** So many are wanted at most. */
  limit: number
}

/** Opens blocks one after another and takes from them the lines that a filter selects: what `logMatcher` computes. */
export class LogBlockSearch {
  readonly #table: LogBlockTable

  constructor(table: LogBlockTable) {
    this.#table = table
  }

  /** The newest lines that are in `blocks`, which come newest first, or in `found`; in no order, some too many. */
  async newest(blocks: Iterable<BlockFacts>, search: LineSearch, found: readonly LogLine[]): Promise<LogLine[]> {
    return this.#search(blocks, search, [...found], 'newest')
  }

  /** The oldest lines that are in `blocks`, which come oldest first, or in `found`; in no order, some too many. */
  async oldest(blocks: Iterable<BlockFacts>, search: LineSearch, found: readonly LogLine[]): Promise<LogLine[]> {
    return this.#search(blocks, search, [...found], 'oldest')
  }

  async #search(
    blocks: Iterable<BlockFacts>,
    search: LineSearch,
    found: LogLine[],
    end: 'newest' | 'oldest',
  ): Promise<LogLine[]> {
    const selects = selector(search)
    let turnMs = performance.now()
    for (const block of blocks) {
      const isBeyond = ({ seq }: LogLine): boolean => (end === 'newest' ? seq > block.last_seq : seq < block.first_seq)
      // Blocks overlap where several servers write: enough is only what no later block can precede.
      if (found.length >= search.limit && count(found, isBeyond) >= search.limit) break
      this.#open(block, search, selects, end, found)
      if (performance.now() - turnMs < sliceMs) continue
      await nextTurn()
      turnMs = performance.now()
    }
    return found
  }

  #open(block: BlockFacts, search: LineSearch, selects: Selector, end: Direction, found: LogLine[]): void {
    const packed = this.#table.text(block.id)
    // Removed meanwhile, by retention.
    if (packed === undefined) return
    try {
      const text = decodeText({ text: packed, text_bytes: block.text_bytes })
      if (!selects.text(text)) return
      const segments = decodeSegments(block.server, this.#table.facts(block.id)!, text)
      take(segments, selects, search.limit, end, found)
    } catch (error) {
      if (isOfSqlite(error)) throw error
      if (block.last_seq >= search.first && block.last_seq <= search.last) found.push(damageNote(block))
    }
  }
}

type Direction = 'newest' | 'oldest'

interface Selector {
  /** Whether a text of several lines may hold one. */
  text(text: Buffer): boolean
  segment(segment: LogSegment): boolean
  line(line: LogLine): boolean
}

function selector({ filter, first, last }: LineSearch): Selector {
  const holds = filter.q === undefined ? null : textMatcher(filter.q)
  const rank = rankOfFilter(filter)
  const bits = filter.stream ? streamBits(filter.stream) : -1
  const since = Math.max(timeOf(filter.since, -Infinity), timeOf(filter.span?.from, -Infinity))
  const until = timeOf(filter.until, Infinity)
  const through = timeOf(filter.span?.to, Infinity)
  return {
    text: holdsInAnyCase(filter.q),
    segment: ({ first_seq, levels, stream, at_ms }) =>
      first_seq <= last &&
      first_seq + levels.length > first &&
      (streamBit(stream) & bits) !== 0 &&
      at_ms >= since &&
      at_ms < until &&
      at_ms <= through &&
      (rank === 0 || levels.some((byte) => rankOf(byte) >= rank)),
    line: ({ seq, level, text }) =>
      seq >= first &&
      seq <= last &&
      (rank === 0 || logLevels.indexOf(level) >= rank) &&
      (holds === null || holds(text)),
  }
}

/** From the wanted end of a block no more than the limit: the others stand behind them. */
function take(
  segments: readonly LogSegment[],
  selects: Selector,
  limit: number,
  end: Direction,
  found: LogLine[],
): void {
  let left = limit
  for (const segment of end === 'newest' ? segments.toReversed() : segments) {
    if (!selects.segment(segment)) continue
    const lines = linesOf(segment)
    if (end === 'newest') lines.reverse()
    for (const line of lines) {
      if (!selects.line(line)) continue
      found.push(line)
      if (--left === 0) return
    }
  }
}

/** Whether any line of a text may hold `q`: bytes beyond ASCII never stand for a letter within, so only a needle of others needs characters. */
function holdsInAnyCase(q: string | undefined): (text: Buffer) => boolean {
  if (q === undefined) return () => true
  const holds = textMatcher(q)
  return isAscii(q) ? (text) => holds(text.toString('latin1')) : (text) => holds(text.toString('utf8'))
}

/** SQLite tells of its own damage: the whole file is in question then, not this block. */
function isOfSqlite(error: unknown): boolean {
  return errorCode(error)?.startsWith('SQLITE_') ?? false
}

/** Stands where the lines of a block stood that cannot be opened. */
function damageNote({ server, last_seq, last_at_ms, lines }: BlockFacts): LogLine {
  return {
    seq: last_seq,
    at: new Date(last_at_ms).toISOString(),
    server: server as ServerId,
    run_id: null,
    stream: 'supervisor',
    level: 'warn',
    level_guessed: false,
    text: `${lines} ${lines === 1 ? 'line' : 'lines'} up to here cannot be read: this part of logs.db is damaged`,
  }
}

function timeOf(time: string | undefined, otherwise: number): number {
  return time === undefined ? otherwise : Date.parse(time)
}

function count(lines: readonly LogLine[], matches: (line: LogLine) => boolean): number {
  let matching = 0
  for (const line of lines) if (matches(line)) matching++
  return matching
}
