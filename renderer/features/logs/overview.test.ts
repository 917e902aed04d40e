import { describe, expect, it } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import type { LogLine } from '../../../shared/log.ts'
import { droppedOf, histogramBars, type LogOverview, withLines } from './overview.ts'

const git = 'git' as ServerId
const docs = 'docs' as ServerId
const line = (server: ServerId, at: string, level: string) => ({ server, at, level }) as LogLine

const overview: LogOverview = {
  total: 5,
  servers: [{ server: git, lines: 5, dropped: 7, last_at: '2026-11-22T14:00:30.000Z' }],
  minutes: [{ at: '2026-11-22T14:00:00.000Z', lines: 5, warnings: 1, errors: 1 }],
}

describe('the overview', () => {
  it('counts lines as they come, by server and by minute', () => {
    const later = withLines(overview, [
      line(git, '2026-11-22T14:00:59.999Z', 'warn'),
      line(docs, '2026-11-22T14:01:00.000Z', 'fatal'),
      line(docs, '2026-11-22T14:01:20.000Z', 'info'),
    ])
    expect(later).toEqual({
      total: 8,
      servers: [
        { server: git, lines: 6, dropped: 7, last_at: '2026-11-22T14:00:59.999Z' },
        { server: docs, lines: 2, dropped: 0, last_at: '2026-11-22T14:01:20.000Z' },
      ],
      minutes: [
        { at: '2026-11-22T14:00:00.000Z', lines: 6, warnings: 2, errors: 1 },
        { at: '2026-11-22T14:01:00.000Z', lines: 2, warnings: 0, errors: 1 },
      ],
    })
  })

  it('counts what was dropped of the servers in view', () => {
    expect(droppedOf(overview, () => true)).toBe(7)
    expect(droppedOf(overview, (server) => server === docs)).toBe(0)
    expect(droppedOf(null, () => true)).toBe(0)
  })

  it('is gathered into bars of whole minutes that leave no line out', () => {
    const from = Date.parse('2026-11-22T13:58:40.000Z')
    const { bars, widthMs } = histogramBars(overview.minutes, from, from + 10 * 60_000, 5)
    expect(widthMs).toBe(180_000)
    expect(
      bars.map((bar) => [new Date(bar.from).toISOString().slice(11, 16), bar.other, bar.warnings, bar.errors]),
    ).toEqual([
      ['13:58', 3, 1, 1],
      ['14:01', 0, 0, 0],
      ['14:04', 0, 0, 0],
      ['14:07', 0, 0, 0],
    ])
  })
})
