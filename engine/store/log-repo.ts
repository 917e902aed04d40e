import { type Kysely, type Selectable, sql } from 'kysely'
import type { LogFilter } from '../../shared/contract.ts'
import type { ServerId } from '../../shared/ids.ts'
import { type LogLine, logLevels } from '../../shared/log.ts'
import type { Held } from '../../shared/settings-contract.ts'
import { decodeSeq, pageOf } from './keyset.ts'
import { type LogBlock, type LogSegment, linesOf, segmentsOf } from './log-block.ts'
import { LogBlockSearch } from './log-block-search.ts'
import { LogBlockTable } from './log-block-table.ts'
import { type Dropped, LogMinutes, spanOfSeqs } from './log-minutes.ts'
import { LogPacking } from './log-packing.ts'
import { alwaysKept, type LogLimits, LogPrune } from './log-prune.ts'
import { type LogListFilter, whereLines } from './log-query.ts'
import { lineOfRow } from './log-row.ts'
import type { LogLineTable, LogSchema } from './schema.ts'
import { kyselyOver, type Sqlite } from './sqlite.ts'
import type { LogOverview, Page } from './store.ts'
import type { LogRepo } from './store-protocol.ts'
import { addTextSearch } from './text-search.ts'
import { usedBytes } from './used-bytes.ts'

/** What came together and is stored together. */
export interface NewLines {
  blocks: readonly { segments: readonly LogSegment[]; block: LogBlock }[]
  /** Kept as rows until there is enough of their server. */
  rest: readonly LogSegment[]
  dropped: readonly Dropped[]
}

/**
 * Log lines and their tally by the minute. The newest lines of each server are rows, all others lie in compressed
 * blocks. Every write is a transaction of its own, over before it returns, so that writes go on between the slices of
 * a long search.
 */
export class LogLineRepo implements LogRepo {
  readonly packing: LogPacking
  readonly store: (lines: NewLines) => void
  readonly #db: Kysely<LogSchema>
  readonly #prune: LogPrune
  readonly #blocks: LogBlockTable
  readonly #search: LogBlockSearch
  readonly #usedBytes: () => number

  /** `kept`: newest lines that no retention removes. */
  constructor(sqlite: Sqlite, { kept = alwaysKept } = {}) {
    addTextSearch(sqlite)
    const db = kyselyOver<LogSchema>(sqlite)
    this.#db = db
    this.#prune = new LogPrune(sqlite, kept)
    this.#blocks = new LogBlockTable(sqlite)
    this.#search = new LogBlockSearch(this.#blocks)
    const minutes = new LogMinutes(sqlite)
    this.#usedBytes = () => usedBytes(sqlite)
    const row = {
      seq: 0,
      at_ms: 0,
      server: '',
      run_id: null,
      stream: 'stderr',
      level: 0,
      level_guessed: 0,
      text: '',
    } as const
    const insert = sqlite.prepare(db.insertInto('log_lines').values(row).compile().sql)
    this.packing = new LogPacking(sqlite, this.#blocks)
    this.store = sqlite.transaction(({ blocks, rest, dropped }: NewLines): void => {
      for (const { block, segments } of blocks) {
        this.#blocks.insert(block)
        minutes.add(segments)
      }
      for (const segment of rest) {
        for (const { seq, server, run_id, stream, level, level_guessed, text } of linesOf(segment)) {
          const rank = logLevels.indexOf(level)
          insert.run([seq, segment.at_ms, server, run_id, stream, rank, level_guessed ? 1 : 0, text])
        }
      }
      minutes.add(rest)
      if (dropped.length > 0) {
        const place = this.newestSeq()
        for (const one of dropped) minutes.addDropped(one, place)
      }
      this.packing.added(rest)
    }).immediate
  }

  async append(lines: LogLine[]): Promise<void> {
    this.store({ blocks: [], rest: segmentsOf(lines), dropped: [] })
  }

  async list({ before, limit, ...filter }: LogListFilter & { before?: string; limit: number }): Promise<Page<LogLine>> {
    const range = await spanOfSeqs(this.#db, filter)
    if (range === null) return { items: [], next_before: null }
    const end = before === undefined ? null : decodeSeq(before)
    const newest = (server: string | null): Promise<Selectable<LogLineTable>[]> => {
      let query = this.#db.selectFrom('log_lines').selectAll().where(whereLines(filter, range))
      if (server !== null) query = query.where('server', '=', server)
      if (end !== null) query = query.where('seq', '<', end)
      return query
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute()
    }
    // A page of each server by its index, merged: the rows read do not depend on how rare a server's lines are.
    const pages = filter.server ? await Promise.all([...new Set(filter.server)].map(newest)) : [await newest(null)]
    const search = { filter, first: 0, last: end === null ? Number.MAX_SAFE_INTEGER : end - 1, limit: limit + 1 }
    // Rows first: what moves into a block meanwhile is met twice, and never missed.
    const found = await this.#search.newest(
      this.#blocks.newest(filter, range, end),
      search,
      pages.flat().map(lineOfRow),
    )
    const lines = inOrder(found).reverse()
    return pageOf(lines.slice(0, limit + 1), limit, (line) => line.seq)
  }

  async following(filter: LogFilter & { after: number; through: number; limit: number }): Promise<LogLine[]> {
    const { after, through, limit } = filter
    const range = { first: after + 1, last: through }
    let query = this.#db.selectFrom('log_lines').selectAll().where(whereLines(filter, range))
    // A range of `seq` is read in order whatever the servers, so their index would only bring a sort.
    if (filter.server) query = query.where(sql`+server`, 'in', filter.server)
    const rows = await query.orderBy('seq').limit(limit).execute()
    const blocks = this.#blocks.oldest(filter, range)
    const found = await this.#search.oldest(blocks, { filter, ...range, limit }, rows.map(lineOfRow))
    return inOrder(found).slice(0, limit)
  }

  async overview({ since, until }: { since?: string; until?: string }): Promise<LogOverview> {
    const minutes = this.#db
      .selectFrom('log_minutes')
      .where(({ and, eb }) =>
        and([
          ...(since === undefined ? [] : [eb('minute_ms', '>', Date.parse(since) - 60_000)]),
          ...(until === undefined ? [] : [eb('minute_ms', '<', Date.parse(until))]),
        ]),
      )
    const lines = sql<number>`sum(trace + debug + info + warn + error + fatal)`.as('lines')
    const dropped = sql<number>`sum(dropped)`.as('dropped')
    const servers = await minutes
      .select(({ fn }) => ['server', lines, dropped, fn.max<number>('last_at_ms').as('last_at_ms')])
      .groupBy('server')
      .orderBy('server')
      .execute()
    const perMinute = await minutes
      .select(['minute_ms', lines, sql<number>`sum(warn)`.as('warnings'), sql<number>`sum(error + fatal)`.as('errors')])
      .groupBy('minute_ms')
      .orderBy('minute_ms')
      .execute()
    return {
      total: servers.reduce((total, server) => total + server.lines, 0),
      servers: servers.map(({ server, lines, dropped, last_at_ms }) => ({
        server: server as ServerId,
        lines,
        dropped,
        last_at: toTime(last_at_ms),
      })),
      minutes: perMinute.map(({ minute_ms, ...counts }) => ({ at: toTime(minute_ms), ...counts })),
    }
  }

  async held(): Promise<Held> {
    const lines = sql<number | null>`sum(trace + debug + info + warn + error + fatal)`.as('lines')
    const { lines: count } = await this.#db.selectFrom('log_minutes').select(lines).executeTakeFirstOrThrow()
    const [first] = await this.following({ after: 0, through: Number.MAX_SAFE_INTEGER, limit: 1 })
    return { count: count ?? 0, oldest_at: first?.at ?? null, bytes: this.#usedBytes() }
  }

  async prune(limits: LogLimits): Promise<number> {
    return this.#prune.step(limits)
  }

  async lastSeq(): Promise<number> {
    return this.newestSeq()
  }

  /** Of the newest line; 0 where there is none. */
  newestSeq(): number {
    return this.#prune.lastSeq()
  }
}

/** Oldest first, each once. */
function inOrder(lines: readonly LogLine[]): LogLine[] {
  const sorted = lines.toSorted((a, b) => a.seq - b.seq)
  return sorted.filter(({ seq }, index) => seq !== sorted[index - 1]?.seq)
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
