/** Upper bounds in milliseconds: five to a decade, from one millisecond to a quarter of an hour; the last bucket has none. */
const boundsMs: readonly number[] = Array.from({ length: 31 }, (_, index) => Number((10 ** (index / 5)).toPrecision(3)))

/** How many calls fell into each bucket; what is missing at the end is zero. */
export type LatencyCounts = number[]

export function countLatency(counts: LatencyCounts, ms: number): void {
  const found = boundsMs.findIndex((bound) => ms <= bound)
  const index = found === -1 ? boundsMs.length : found
  while (counts.length <= index) counts.push(0)
  counts[index]! += 1
}

export function addLatencies(counts: LatencyCounts, more: readonly number[]): void {
  for (const [index, count] of more.entries()) counts[index] = (counts[index] ?? 0) + count
}

/**
 * Milliseconds that this share of the calls does not pass, between the bounds of its bucket: off by less than the width
 * of one, which is 58 %. Null without calls. `maxMs`: the slowest of all, which no answer passes.
 */
export function latencyQuantile(counts: readonly number[], share: number, maxMs: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(total * share))
  let below = 0
  for (const [index, count] of counts.entries()) {
    if (below + count >= rank) {
      const from = index === 0 ? 0 : boundsMs[index - 1]!
      const to = Math.min(boundsMs[index] ?? maxMs, maxMs)
      return Math.max(0, Math.min(maxMs, from + ((rank - below) / count) * Math.max(0, to - from)))
    }
    below += count
  }
  return maxMs
}
