import styles from './sparkline.module.css'

const width = 32
const height = 14

interface SparklineProps {
  /** One a step, oldest first; null is left out. */
  values: readonly (number | null)[]
  /** Steps of the whole axis: what is not there yet stays empty at the left. */
  steps: number
  /** A custom property of the chart series, for example `--chart-1`. */
  color: string
  /** Fills below the line, for quantities that begin at zero. */
  filled?: boolean
}

/** The course of one number, beside the number itself, which says it to those who cannot see the line. */
export function Sparkline({ values, steps, color, filled = false }: SparklineProps) {
  const shown = values.slice(-steps)
  const known = shown.filter((value) => value !== null)
  const points = known.length < 2 ? [] : pointsOf(shown, steps, filled ? 0 : Math.min(...known), Math.max(...known))
  return (
    <svg className={styles.spark} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {points.length === 0 && <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line-2)" />}
      {filled && points.length > 0 && (
        <path
          d={`M${points[0]?.[0]} ${height}${lineOf(points).replace('M', 'L')}L${points.at(-1)?.[0]} ${height}Z`}
          fill={`var(${color})`}
          opacity="0.18"
        />
      )}
      {points.length > 0 && <path d={lineOf(points)} fill="none" stroke={`var(${color})`} strokeWidth="1.25" />}
    </svg>
  )
}

function pointsOf(values: readonly (number | null)[], steps: number, low: number, high: number): [number, number][] {
  // A flat line stands in the middle of its field, not at its edge.
  const range = Math.max(high - low, high * 0.1, 0.1)
  const offset = steps - values.length
  return values.flatMap((value, index): [number, number][] => {
    if (value === null) return []
    const x = ((offset + index) / Math.max(1, steps - 1)) * width
    const y = height - 1.5 - ((value - low) / range) * (height - 3)
    return [[Math.round(x * 10) / 10, Math.round(y * 10) / 10]]
  })
}

function lineOf(points: readonly [number, number][]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
}
