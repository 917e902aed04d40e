/** One figure of a benchmark: a ratio within one run, or a count that must be nothing. */
export interface Row {
  name: string
  value: number
  /** `at most 1.3`, or `told` where nothing was promised. */
  target: string
  isMet: boolean
}

/** Measures side by side in one run. */
export type Bench = () => Promise<Row[]>

export const atMost = (name: string, value: number, limit: number): Row => ({
  name,
  value,
  target: `at most ${limit}`,
  isMet: value <= limit,
})

export const atLeast = (name: string, value: number, limit: number): Row => ({
  name,
  value,
  target: `at least ${limit}`,
  isMet: value >= limit,
})

export const told = (name: string, value: number): Row => ({ name, value, target: 'told', isMet: true })

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
