import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { LogFilter } from '../../shared/contract.ts'
import { type LogStream, logLevels } from '../../shared/log.ts'
import { streamBit } from './log-block.ts'
import type { SeqRange } from './log-minutes.ts'
import type { LogSchema } from './schema.ts'
import { containsText } from './text-search.ts'

export type LogListFilter = LogFilter & { span?: { from: string; to: string } }

const severe = logLevels.indexOf('warn')

/**
 * All of a filter but its servers, as a condition: the same that `logMatcher` computes. `since` belongs to it,
 * `until` no longer; both ends of `span` do.
 */
export function whereLines(filter: LogListFilter, range: SeqRange) {
  return ({ eb, and }: ExpressionBuilder<LogSchema, 'log_lines'>): Expression<SqlBool> => {
    const conditions: Expression<SqlBool>[] = []
    const rank = rankOfFilter(filter)
    if (rank > 0) conditions.push(eb('level', '>=', rank))
    // Word for word the condition of the partial indexes, or SQLite would not use them.
    if (rank >= severe) conditions.push(sql<SqlBool>`level >= ${sql.lit(severe)}`)
    if (filter.stream) conditions.push(eb('stream', 'in', filter.stream))
    if (filter.q !== undefined) conditions.push(containsText('text', filter.q))
    if (filter.since !== undefined) conditions.push(eb('at_ms', '>=', Date.parse(filter.since)))
    if (filter.until !== undefined) conditions.push(eb('at_ms', '<', Date.parse(filter.until)))
    if (filter.span) conditions.push(eb.between('at_ms', Date.parse(filter.span.from), Date.parse(filter.span.to)))
    if (range !== 'all') conditions.push(eb.between('seq', range.first, range.last))
    return and(conditions)
  }
}

/** The place in `logLevels` of the least level shown. */
export function rankOfFilter({ level }: LogFilter): number {
  return level === undefined ? 0 : logLevels.indexOf(level)
}

export function streamBits(streams: readonly LogStream[]): number {
  return streams.reduce((bits, stream) => bits | streamBit(stream), 0)
}
