import type { LogFilter } from '../../shared/contract.ts'
import { type LogLine, logLevels } from '../../shared/log.ts'
import { textMatcher } from '../store/text-matcher.ts'

/**
 * A filter as a predicate: what the store's SQL selects, over a line in memory. `since` belongs to it, `until` no
 * longer. Built once, called for each line.
 */
export function logMatcher(filter: LogFilter): (line: LogLine) => boolean {
  const servers = filter.server && new Set(filter.server)
  const streams = filter.stream && new Set(filter.stream)
  const least = filter.level === undefined ? 0 : logLevels.indexOf(filter.level)
  const holdsText = filter.q === undefined ? null : textMatcher(filter.q)
  const since = filter.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.since)
  const until = filter.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.until)
  const isTimed = filter.since !== undefined || filter.until !== undefined
  const isInTime = (at: string): boolean => {
    const ms = Date.parse(at)
    return ms >= since && ms < until
  }
  return (line) =>
    (!servers || servers.has(line.server)) &&
    (!streams || streams.has(line.stream)) &&
    (least === 0 || logLevels.indexOf(line.level) >= least) &&
    (!isTimed || isInTime(line.at)) &&
    (!holdsText || holdsText(line.text))
}
