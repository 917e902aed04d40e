import { expect, test } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import type { GaugeSeries } from '../../../shared/metrics-contract.ts'
import { figuresOf, serverLines, wholeLines } from './chart-data.ts'

const at = '2026-11-22T14:07:00.000Z'
const gauge = (server: string | null, ...means: (number | null)[]): GaugeSeries => ({
  name: server === null ? 'tasks_running' : 'memory_mb',
  server: server as ServerId | null,
  points: means.map((mean) => ({ at, mean, max: mean === null ? null : mean + 1 })),
})

test('the servers that used most have a line each, all others are one', () => {
  const gauges = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id, index) => gauge(id, index, null, index * 10))
  const lines = serverLines(gauges, 'memory_mb', null)
  expect(lines.map(({ name }) => name)).toEqual(['g', 'f', 'e', 'd', 'c', '2 others'])
  expect(lines.at(-1)).toMatchObject({ color: '--chart-rest', values: [1, null, 10] })
})

test('a chosen server stands alone', () => {
  expect(serverLines([gauge('a', 1), gauge('b', 2)], 'memory_mb', 'a').map(({ name }) => name)).toEqual(['a'])
})

test('the lines of the whole show peaks, and none for what was never looked at', () => {
  const wanted = [
    { gauge: 'tasks_running', name: 'Running', color: '--chart-1' },
    { gauge: 'tasks_queued', name: 'Queued', color: '--chart-3' },
  ] as const
  expect(wholeLines([gauge(null, 1, null)], wanted)).toEqual([
    { name: 'Running', color: '--chart-1', kind: 'line', values: [2, null] },
  ])
})

test('a line of gaps has no figures', () => {
  expect(figuresOf([null, null])).toEqual({ last: null, most: null })
  expect(figuresOf([3, 5, null])).toEqual({ last: 5, most: 5 })
})
