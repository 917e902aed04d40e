import { usePreferences } from '../../preferences.ts'
import { formatDateTime } from '../../ui/format.ts'
import type { ChartData } from './chart-data.ts'
import styles from './number-table.module.css'

/** All numbers of a chart, the newest first. */
export function NumberTable({
  label,
  data: { times, series },
  format,
}: {
  label: string
  data: ChartData
  format: (value: number) => string
}) {
  const zone = usePreferences((state) => state.zone)
  const rows = times
    .map((seconds, index) => ({ seconds, values: series.map(({ values }) => values[index] ?? null) }))
    .reverse()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a pointer
    <section className={styles.scroll} tabIndex={0} aria-label={`Numbers of ${label}`}>
      <table className={styles.table}>
        <caption className={styles.caption}>{label}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ seconds, values }) => (
            <tr key={seconds}>
              <th scope="row">{formatDateTime(new Date(seconds * 1000).toISOString(), zone).slice(0, 16)}</th>
              {values.map((value, index) => (
                <td key={series[index]!.name}>{value === null ? '–' : format(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
