/** One ratio, and what it is to be where something was promised. */
export interface Measured {
  what: string
  ratio: number
  goal?: { atMost: number; atLeast?: never } | { atLeast: number; atMost?: never }
}

/** Measures side by side in one run. */
export type Bench = () => Promise<Measured[]>

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
