import styles from './bars.module.css'

const width = 240
const height = 36

interface BarsProps {
  values: readonly number[]
  /** A custom property of the chart series, for example `--chart-1`. */
  color: string
  /** What the chart shows, with its figures, for those who cannot see it. */
  label: string
}

/** A row of bars, the last one full in colour. */
export function Bars({ values, color, label }: BarsProps) {
  const top = Math.max(1, ...values)
  const slot = width / values.length
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line-2)" />
      {values.map((value, index) => {
        const rise = (value / top) * (height - 6)
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place on the axis
            key={index}
            x={index * slot + 1}
            y={height - 1 - rise}
            width={slot - 2}
            height={rise}
            fill={`var(${color})`}
            opacity={index === values.length - 1 ? 1 : 0.78}
          />
        )
      })}
    </svg>
  )
}

interface LinesProps {
  /** Each series with one value a step; null breaks the line. */
  series: readonly { values: readonly (number | null)[]; color: string }[]
  label: string
}

/** Lines over the same steps, on one scale. */
export function Lines({ series, label }: LinesProps) {
  const top = Math.max(1, ...series.flatMap((one) => one.values.map((value) => value ?? 0)))
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line-2)" />
      {series.map((one) => (
        <path
          key={one.color}
          d={linePath(one.values, top)}
          fill="none"
          stroke={`var(${one.color})`}
          strokeWidth="1.5"
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  )
}

function linePath(values: readonly (number | null)[], top: number): string {
  const step = width / Math.max(1, values.length - 1)
  let path = ''
  let isDown = false
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isDown = false
      continue
    }
    const x = (index * step).toFixed(1)
    const y = (height - 2 - (value / top) * (height - 6)).toFixed(1)
    // A single point between gaps is a dot: a line of no length with round ends.
    path += isDown ? `L${x} ${y}` : `M${x} ${y}h0`
    isDown = true
  }
  return path
}
