import type { Kysely } from 'kysely'
import type { ServerId } from '../../shared/ids.ts'
import { type LogLevel, logLevels } from '../../shared/log.ts'
import { type LogSegment, rankOf } from './log-block.ts'
import type { LogListFilter } from './log-query.ts'
import type { LogMinuteTable, LogSchema } from './schema.ts'
import type { Sqlite } from './sqlite.ts'

const minuteMs = 60_000

/** All lines of a span of time lie in this range of `seq`, both ends included. */
export type SeqRange = 'all' | { first: number; last: number }

/** Lines of a server that were never numbered, because they came too fast. */
export interface Dropped {
  server: ServerId
  at_ms: number
  lines: number
}

const counters = [...logLevels, 'dropped'] as const
const columns = ['minute_ms', 'server', ...counters, 'first_seq', 'last_seq', 'last_at_ms'] as const

/** The tally of lines by the minute; in the transaction that stores them. */
export class LogMinutes {
  readonly #add: (minute: LogMinuteTable) => void

  constructor(sqlite: Sqlite) {
    const add = sqlite.prepare(
      `insert into log_minutes (${columns.join()}) values (${columns.map((column) => `@${column}`).join()})
       on conflict (minute_ms, server) do update set
       ${counters.map((column) => `${column} = ${column} + excluded.${column}`).join()},
       first_seq = min(first_seq, excluded.first_seq), last_seq = max(last_seq, excluded.last_seq),
       last_at_ms = max(last_at_ms, excluded.last_at_ms)`,
    )
    this.#add = (minute) => void add.run(minute)
  }

  add(segments: readonly LogSegment[]): void {
    const minutes = new Map<string, LogMinuteTable>()
    for (const { server, at_ms, first_seq, levels } of segments) {
      const last_seq = first_seq + levels.length - 1
      const minute_ms = minuteOf(at_ms)
      const key = `${minute_ms} ${server}`
      let minute = minutes.get(key)
      if (!minute) {
        minute = { minute_ms, server, ...noLines(), dropped: 0, first_seq, last_seq, last_at_ms: at_ms }
        minutes.set(key, minute)
      }
      for (const byte of levels) minute[logLevels[rankOf(byte)]!] += 1
      minute.first_seq = Math.min(minute.first_seq, first_seq)
      minute.last_seq = Math.max(minute.last_seq, last_seq)
      minute.last_at_ms = Math.max(minute.last_at_ms, at_ms)
    }
    for (const minute of minutes.values()) this.#add(minute)
  }

  /** `seq`: a number next to which they would have stood, so that the count goes when the lines around it go. */
  addDropped({ server, at_ms, lines }: Dropped, seq: number): void {
    const place = { first_seq: seq, last_seq: seq, last_at_ms: at_ms }
    this.#add({ minute_ms: minuteOf(at_ms), server, ...noLines(), ...place, dropped: lines })
  }
}

/** Where the lines of a filter's times can be, by the tally; null where there are none. */
export async function spanOfSeqs(db: Kysely<LogSchema>, filter: LogListFilter): Promise<SeqRange | null> {
  const froms = [filter.since, filter.span?.from].filter((time) => time !== undefined).map(minuteOfTime)
  const tos = [filter.until, filter.span?.to].filter((time) => time !== undefined).map(minuteOfTime)
  if (froms.length + tos.length === 0) return 'all'
  let query = db
    .selectFrom('log_minutes')
    .select(({ fn }) => [fn.min<number | null>('first_seq').as('first'), fn.max<number | null>('last_seq').as('last')])
  if (froms.length > 0) query = query.where('minute_ms', '>=', Math.max(...froms))
  if (tos.length > 0) query = query.where('minute_ms', '<=', Math.min(...tos))
  if (filter.server) query = query.where('server', 'in', filter.server)
  const { first, last } = await query.executeTakeFirstOrThrow()
  return first === null || last === null ? null : { first, last }
}

function noLines(): Record<LogLevel, number> {
  return Object.fromEntries(logLevels.map((level) => [level, 0])) as Record<LogLevel, number>
}

function minuteOfTime(time: string): number {
  return minuteOf(Date.parse(time))
}

function minuteOf(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs
}
