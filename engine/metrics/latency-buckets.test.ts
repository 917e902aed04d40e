import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countLatency, type LatencyCounts, latencyQuantile } from './latency-buckets.ts'

function countsOf(values: readonly number[]): LatencyCounts {
  const counts: LatencyCounts = []
  for (const ms of values) countLatency(counts, ms)
  return counts
}

function nearestRank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1]!
}

test('a quantile lies within one bucket of the true one, and never above the slowest call', () => {
  const durations = fc.array(fc.double({ min: 0, max: 5_000_000, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95), (values, share) => {
      const most = Math.max(...values)
      const found = latencyQuantile(countsOf(values), share, most)!
      const real = nearestRank(values, share)
      expect(found).toBeLessThanOrEqual(most)
      // The bounds are rounded to three digits, and below the first all are alike.
      if (real > 1 && real < 1_000_000) expect(Math.abs(Math.log10(found / real))).toBeLessThan(0.203)
    }),
  )
})

test('without calls there is no quantile', () => {
  expect(latencyQuantile([], 0.5, 0)).toBe(null)
})
