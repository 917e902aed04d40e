import { type ReactNode, useState } from 'react'
import { usePreferences } from '../../preferences.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatClock, formatDateTime } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { TimeChart } from '../../ui/time-chart.tsx'
import { type ChartData, figuresOf } from './chart-data.ts'
import styles from './chart-panel.module.css'
import { NumberTable } from './number-table.tsx'

interface ChartPanelProps {
  title: string
  note: ReactNode
  data: ChartData
  /** Whether its numbers stand there instead of lines. */
  asNumbers: boolean
  format: (value: number) => string
  /** What a chart without numbers says. */
  empty: string
}

/** One chart with its legend, which tells the numbers under the pointer, else the last ones; or all numbers as a table. */
export function ChartPanel({ title, note, data, asNumbers, format, empty }: ChartPanelProps) {
  const [point, setPoint] = useState<number | null>(null)
  const { times, stepS, series } = data
  const isEmpty = series.every(({ values }) => values.every((value) => value === null))
  if (isEmpty) {
    return (
      <Panel title={title} level={2} note={note}>
        <EmptyState title={empty} />
      </Panel>
    )
  }
  if (asNumbers) {
    return (
      <Panel title={title} level={2} note={note}>
        <NumberTable label={title} data={data} format={format} />
      </Panel>
    )
  }
  const label = `${title}: ${series.map(({ name, values }) => `${name} ${spoken(values, format)}`).join('; ')}`
  return (
    <Panel title={title} level={2} note={note} aside={<At times={times} stepS={stepS} point={point} />}>
      <ul className={styles.legend} aria-label={`Legend of ${title}`}>
        {series.map(({ name, color, values }) => {
          const value = point === null ? figuresOf(values).last : (values[point] ?? null)
          return (
            <li key={name} className={styles.entry}>
              <span className={styles.swatch} style={{ background: `var(${color})` }} />
              <span className={styles.name}>{name}</span>
              <span className={styles.value}>{value === null ? '–' : format(value)}</span>
            </li>
          )
        })}
      </ul>
      <TimeChart label={label} times={times} stepS={stepS} series={series} format={format} onPoint={setPoint} />
    </Panel>
  )
}

function spoken(values: readonly (number | null)[], format: (value: number) => string): string {
  const { last, most } = figuresOf(values)
  return last === null ? 'nothing' : `last ${format(last)}, at most ${format(most ?? last)}`
}

/** The step that the numbers of the legend are of. */
function At({ times, stepS, point }: { times: readonly number[]; stepS: number; point: number | null }) {
  const zone = usePreferences((state) => state.zone)
  if (point === null || times[point] === undefined) return <span className={styles.at}>now</span>
  const at = new Date(times[point] * 1000).toISOString()
  const text = stepS >= 3600 ? formatDateTime(at, zone).slice(0, 16) : formatClock(at, zone).slice(0, 5)
  return <span className={styles.at}>{text}</span>
}
