import type { Kysely } from 'kysely'
import { type LogLevel, type LogLine, logLevels } from '../../shared/log.ts'
import type { LogListFilter } from './log-query.ts'
import type { LogMinuteTable, LogSchema } from './schema.ts'

const minuteMs = 60_000

/** All lines of a span of time lie in this range of `seq`, both ends included. */
export type SeqRange = 'all' | { first: number; last: number }

/** Adds lines to the tally by the minute; in the transaction that inserts them. */
export async function addMinutes(db: Kysely<LogSchema>, lines: readonly LogLine[]): Promise<void> {
  for (const minute of minutesOf(lines)) {
    await db
      .insertInto('log_minutes')
      .values(minute)
      .onConflict((conflict) =>
        conflict.columns(['minute_ms', 'server']).doUpdateSet(({ eb, fn, ref }) => {
          const sum = (level: LogLevel) => eb(ref(`log_minutes.${level}`), '+', ref(`excluded.${level}`))
          const least = (column: 'first_seq') => fn<number>('min', [`log_minutes.${column}`, `excluded.${column}`])
          const most = (column: 'last_seq' | 'last_at_ms') =>
            fn<number>('max', [`log_minutes.${column}`, `excluded.${column}`])
          return {
            trace: sum('trace'),
            debug: sum('debug'),
            info: sum('info'),
            warn: sum('warn'),
            error: sum('error'),
            fatal: sum('fatal'),
            first_seq: least('first_seq'),
            last_seq: most('last_seq'),
            last_at_ms: most('last_at_ms'),
          }
        }),
      )
      .execute()
  }
}

/** Where the lines of a filter's times can be, by the tally; null where there are none. */
export async function spanOfSeqs(db: Kysely<LogSchema>, filter: LogListFilter): Promise<SeqRange | null> {
  const froms = [filter.since, filter.span?.from].filter((time) => time !== undefined).map(minuteOf)
  const tos = [filter.until, filter.span?.to].filter((time) => time !== undefined).map(minuteOf)
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

function minutesOf(lines: readonly LogLine[]): LogMinuteTable[] {
  const minutes = new Map<string, LogMinuteTable>()
  for (const { seq, at, server, level } of lines) {
    const at_ms = Date.parse(at)
    const minute_ms = minuteOf(at)
    const key = `${minute_ms} ${server}`
    let minute = minutes.get(key)
    if (!minute) {
      minute = { minute_ms, server, ...noLines(), first_seq: seq, last_seq: seq, last_at_ms: at_ms }
      minutes.set(key, minute)
    }
    minute[level] += 1
    minute.first_seq = Math.min(minute.first_seq, seq)
    minute.last_seq = Math.max(minute.last_seq, seq)
    minute.last_at_ms = Math.max(minute.last_at_ms, at_ms)
  }
  return [...minutes.values()]
}

function noLines(): Record<LogLevel, number> {
  return Object.fromEntries(logLevels.map((level) => [level, 0])) as Record<LogLevel, number>
}

function minuteOf(time: string): number {
  return Math.floor(Date.parse(time) / minuteMs) * minuteMs
}
