import { expect, test } from 'vitest'
import {
  countOf,
  formatAge,
  formatBytes,
  formatClock,
  formatCountdown,
  formatDateTime,
  formatDuration,
  spellAge,
} from './format.ts'

test.each([
  [0, '0 ms'],
  [18.4, '18 ms'],
  [999.4, '999 ms'],
  [1210, '1.21 s'],
  [10_000, '10.0 s'],
  [60_000, '1 m 00 s'],
  [245_000, '4 m 05 s'],
  [7_260_000, '2 h 01 m'],
])('%d ms is told as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  [-5, '0 s', '0 seconds'],
  [59_999, '59 s', '59 seconds'],
  [60_000, '1 m', '1 minute'],
  [3_600_000 * 5, '5 h', '5 hours'],
  [86_400_000 * 3, '3 d', '3 days'],
])('%d ms ago is %s, spelt %s', (ms, short, long) => {
  expect([formatAge(ms), spellAge(ms)]).toEqual([short, long])
})

test('counts down in minutes and seconds, never below nothing', () => {
  expect([13_100, 75_000, -1].map(formatCountdown)).toEqual(['0:14', '1:15', '0:00'])
})

test('tells times in UTC', () => {
  expect(formatClock('2026-11-22T14:07:09.251Z', 'utc', true)).toBe('14:07:09.251')
  expect(formatDateTime('2026-11-22T14:07:09.251Z', 'utc')).toBe('2026-11-22 14:07:09')
})

test('counts things in words and sizes in units', () => {
  expect([countOf(1, 'server'), countOf(2846, 'server'), countOf(2, 'more file', 'more files')]).toEqual([
    '1 server',
    '2,846 servers',
    '2 more files',
  ])
  expect([118, 4200, 1_100_000].map(formatBytes)).toEqual(['118 B', '4.2 KB', '1.1 MB'])
})
