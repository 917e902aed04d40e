import { type Kysely, type Selectable, sql } from 'kysely'
import type { LogFilter } from '../../shared/contract.ts'
import type { RunId, ServerId } from '../../shared/ids.ts'
import { type LogLine, logLevels } from '../../shared/log.ts'
import type { Held } from '../../shared/settings-contract.ts'
import { decodeSeq, pageOf } from './keyset.ts'
import { addMinutes, spanOfSeqs } from './log-minutes.ts'
import { type LogLimits, LogPrune } from './log-prune.ts'
import { type LogListFilter, whereLines } from './log-query.ts'
import type { LogLineTable, LogSchema } from './schema.ts'
import type { Sqlite } from './sqlite.ts'
import type { LogOverview, Page } from './store.ts'
import type { LogRepo } from './store-protocol.ts'
import { usedBytes } from './used-bytes.ts'

/** Log lines and their tally by the minute. */
export class LogLineRepo implements LogRepo {
  readonly #db: Kysely<LogSchema>
  readonly #prune: LogPrune
  readonly #usedBytes: () => number
  readonly #insert: (values: unknown[]) => void

  constructor(sqlite: Sqlite, db: Kysely<LogSchema>) {
    this.#db = db
    this.#prune = new LogPrune(sqlite)
    this.#usedBytes = () => usedBytes(sqlite)
    // Built once and run for each line: building a query costs more than inserting a row.
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
    const statement = sqlite.prepare(db.insertInto('log_lines').values(row).compile().sql)
    this.#insert = (values) => statement.run(values)
  }

  async append(lines: LogLine[]): Promise<void> {
    for (const { seq, at, server, run_id, stream, level, level_guessed, text } of lines) {
      const rank = logLevels.indexOf(level)
      this.#insert([seq, Date.parse(at), server, run_id, stream, rank, level_guessed ? 1 : 0, text])
    }
    await addMinutes(this.#db, lines)
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
    const rows = pages.flat().sort((a, b) => b.seq - a.seq)
    return pageOf(rows.slice(0, limit + 1).map(toLine), limit, (line) => line.seq)
  }

  async following(filter: LogFilter & { after: number; through: number; limit: number }): Promise<LogLine[]> {
    let query = this.#db
      .selectFrom('log_lines')
      .selectAll()
      .where(whereLines(filter, { first: filter.after + 1, last: filter.through }))
    // A range of `seq` is read in order whatever the servers, so their index would only bring a sort.
    if (filter.server) query = query.where(sql`+server`, 'in', filter.server)
    const rows = await query.orderBy('seq').limit(filter.limit).execute()
    return rows.map(toLine)
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
    const servers = await minutes
      .select(({ fn }) => ['server', lines, fn.max<number>('last_at_ms').as('last_at_ms')])
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
      servers: servers.map(({ server, lines, last_at_ms }) => ({
        server: server as ServerId,
        lines,
        last_at: toTime(last_at_ms),
      })),
      minutes: perMinute.map(({ minute_ms, ...counts }) => ({ at: toTime(minute_ms), ...counts })),
    }
  }

  async held(): Promise<Held> {
    const lines = sql<number | null>`sum(trace + debug + info + warn + error + fatal)`.as('lines')
    const { lines: count } = await this.#db.selectFrom('log_minutes').select(lines).executeTakeFirstOrThrow()
    const first = await this.#db.selectFrom('log_lines').select('at_ms').orderBy('seq').limit(1).executeTakeFirst()
    return { count: count ?? 0, oldest_at: first ? toTime(first.at_ms) : null, bytes: this.#usedBytes() }
  }

  async prune(limits: LogLimits): Promise<number> {
    return this.#prune.step(limits)
  }

  async lastSeq(): Promise<number> {
    const row = await this.#db.selectFrom('log_lines').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
    return row?.seq ?? 0
  }
}

function toLine(row: Selectable<LogLineTable>): LogLine {
  return {
    seq: row.seq,
    at: toTime(row.at_ms),
    server: row.server as ServerId,
    run_id: row.run_id as RunId | null,
    stream: row.stream,
    level: logLevels[row.level]!,
    level_guessed: row.level_guessed === 1,
    text: row.text,
  }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
