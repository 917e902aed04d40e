/** One figure of a benchmark: a ratio within one run, or a count that must be nothing. */
export interface Row {
  name: string
  value: number
  /** Least and greatest of the repetitions, where each of them has a ratio of its own. */
  spread: readonly [least: number, greatest: number] | null
  /** `at most 1.3`, or `told` where nothing was promised. */
  target: string
  isMet: boolean
}

export interface BenchOptions {
  /** A look at whether it works: too few calls to be a measurement. */
  readonly short: boolean
}

/** Measures side by side in one run. */
export type Bench = (options: BenchOptions) => Promise<Row[]>

/** A value, or one of each repetition. */
type Measured = number | readonly number[]

export function atMost(name: string, measured: Measured, limit: number): Row {
  const { value, spread } = summary(measured)
  return { name, value, spread, target: `at most ${limit}`, isMet: value <= limit }
}

export function below(name: string, measured: Measured, limit: number): Row {
  const { value, spread } = summary(measured)
  return { name, value, spread, target: `below ${limit}`, isMet: value < limit }
}

export function atLeast(name: string, measured: Measured, limit: number): Row {
  const { value, spread } = summary(measured)
  return { name, value, spread, target: `at least ${limit}`, isMet: value >= limit }
}

export const told = (name: string, measured: Measured): Row => ({
  name,
  ...summary(measured),
  target: 'told',
  isMet: true,
})

function summary(measured: Measured): Pick<Row, 'value' | 'spread'> {
  if (typeof measured === 'number') return { value: measured, spread: null }
  return { value: median(measured), spread: [Math.min(...measured), Math.max(...measured)] }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
