import { expect, test } from 'vitest'
import { toldPauseMs } from './told-pause.ts'

const now = Date.parse('2026-11-22T14:00:00.000Z')

test.each([
  [{}, 0],
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': 'Sun, 22 Nov 2026 14:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Sun, 22 Nov 2026 13:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, 0],
  [{ 'retry-after': '99999999' }, 24 * 3600 * 1000],
  [{ ratelimit: '"default";r=0;t=30' }, 30_000],
  [{ ratelimit: '"default";r=5;t=30' }, 0],
  [{ ratelimit: '"burst";r=0;t=2, "daily";r=0;t=90;pk=:abc:' }, 90_000],
  [{ ratelimit: 'limit=100, remaining=0, reset=12' }, 12_000],
  [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '4' }, 4000],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 55) }, 55_000],
  [{ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '60' }, 0],
  [{ 'x-ratelimit-remaining': 'none', 'x-ratelimit-reset': '60' }, 0],
])('%o asks for %i ms', (headers, ms) => {
  expect(toldPauseMs(headers, now)).toBe(ms)
})
