import type { GaugeName, GaugeSeries } from '../../../shared/metrics-contract.ts'
import type { ChartSeries } from '../../ui/time-chart.tsx'

/** What one chart shows. */
export interface ChartData {
  /** Starts of the steps, in seconds since 1970. */
  readonly times: readonly number[]
  readonly stepS: number
  readonly series: readonly ChartSeries[]
}

/** The fourth colour is that of what failed. */
const serverColors = ['--chart-1', '--chart-2', '--chart-3', '--chart-5', '--chart-6']
const restColor = '--chart-rest'

export function secondsOf(times: readonly { at: string }[]): number[] {
  return times.map(({ at }) => Date.parse(at) / 1000)
}

/** A line for each of the servers that used most, in their order, and one for all others together. */
export function serverLines(gauges: readonly GaugeSeries[], name: GaugeName, server: string | null): ChartSeries[] {
  const all = gauges
    .filter((one) => one.name === name && one.server !== null && (server === null || one.server === server))
    .map((one) => ({ name: one.server as string, values: one.points.map(({ mean }) => mean) }))
    .map((one) => ({ ...one, peak: Math.max(0, ...one.values.map((value) => value ?? 0)) }))
    .sort((a, b) => b.peak - a.peak || (a.name < b.name ? -1 : 1))
  const own = all.slice(0, serverColors.length)
  const rest = all.slice(serverColors.length)
  const lines = own.map((one, index) => ({
    name: one.name,
    values: one.values,
    color: serverColors[index]!,
    kind: 'line' as const,
  }))
  if (rest.length === 0) return lines
  const values = rest[0]!.values.map((_, index) => sum(rest.map((one) => one.values[index] ?? null)))
  return [
    ...lines,
    { name: rest.length === 1 ? rest[0]!.name : `${rest.length} others`, color: restColor, kind: 'line', values },
  ]
}

/** Lines of the whole program, in the order of their names. */
export function wholeLines(
  gauges: readonly GaugeSeries[],
  lines: readonly { gauge: GaugeName; name: string; color: string; kind?: ChartSeries['kind'] }[],
): ChartSeries[] {
  return lines.flatMap(({ gauge, name, color, kind = 'line' }) => {
    const found = gauges.find((one) => one.name === gauge && one.server === null)
    return found === undefined ? [] : [{ name, color, kind, values: found.points.map(({ max }) => max) }]
  })
}

/** The last value that is known, and the highest one. */
export function figuresOf(values: readonly (number | null)[]): { last: number | null; most: number | null } {
  const known = values.filter((value) => value !== null)
  return { last: known.at(-1) ?? null, most: known.length === 0 ? null : Math.max(...known) }
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}
