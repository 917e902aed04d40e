import type { ServerId } from '../../../shared/ids.ts'
import { type LogLine, logLevels } from '../../../shared/log.ts'

/** What `logs.overview` answers: counts per server and per minute. */
export interface LogOverview {
  total: number
  servers: { server: ServerId; lines: number; dropped: number; last_at: string | null }[]
  minutes: { at: string; lines: number; warnings: number; errors: number }[]
}

/** One bar of the histogram; `other` are lines below warn. */
export interface HistogramBar {
  from: number
  other: number
  warnings: number
  errors: number
}

const errorRank = logLevels.indexOf('error')
export const isError = (line: LogLine): boolean => logLevels.indexOf(line.level) >= errorRank

/** Lines of the servers in view that came faster than the log could take them. */
export function droppedOf(overview: LogOverview | null, isInView: (server: ServerId) => boolean): number {
  const shown = overview?.servers.filter(({ server }) => isInView(server)) ?? []
  return shown.reduce((sum, { dropped }) => sum + dropped, 0)
}

/** The overview once these live lines have come. */
export function withLines(overview: LogOverview, lines: readonly LogLine[]): LogOverview {
  if (lines.length === 0) return overview
  const servers = new Map(overview.servers.map((server) => [server.server, { ...server }]))
  const minutes = overview.minutes.slice()
  for (const line of lines) {
    const server = servers.get(line.server) ?? { server: line.server, lines: 0, dropped: 0, last_at: null }
    servers.set(line.server, { ...server, lines: server.lines + 1, last_at: line.at })
    countMinute(minutes, line)
  }
  return { total: overview.total + lines.length, servers: [...servers.values()], minutes }
}

function countMinute(minutes: LogOverview['minutes'], line: LogLine): void {
  const at = `${line.at.slice(0, 16)}:00.000Z`
  const index = minutes.findLastIndex((minute) => Date.parse(minute.at) === Date.parse(at))
  const minute = minutes[index] ?? { at, lines: 0, warnings: 0, errors: 0 }
  const counted = {
    ...minute,
    lines: minute.lines + 1,
    warnings: minute.warnings + (line.level === 'warn' ? 1 : 0),
    errors: minute.errors + (isError(line) ? 1 : 0),
  }
  if (index < 0) minutes.push(counted)
  else minutes[index] = counted
}

/** Minutes gathered into at most `most` bars of whole minutes between two moments (ms), oldest first. */
export function histogramBars(
  minutes: LogOverview['minutes'],
  fromMs: number,
  toMs: number,
  most: number,
): { bars: HistogramBar[]; widthMs: number } {
  const start = Math.floor(fromMs / 60_000) * 60_000
  const span = Math.max(60_000, toMs - start)
  const widthMs = Math.ceil(span / most / 60_000) * 60_000
  const bars = Array.from({ length: Math.ceil(span / widthMs) }, (_, index) => ({
    from: start + index * widthMs,
    other: 0,
    warnings: 0,
    errors: 0,
  }))
  for (const minute of minutes) {
    const bar = bars[Math.floor((Date.parse(minute.at) - start) / widthMs)]
    if (!bar) continue
    bar.other += minute.lines - minute.warnings - minute.errors
    bar.warnings += minute.warnings
    bar.errors += minute.errors
  }
  return { bars, widthMs }
}
