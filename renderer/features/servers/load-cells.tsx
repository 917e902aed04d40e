import { usageSamplesKept } from '../../../shared/usage.ts'
import { useServerUsage } from '../../client/usage.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Cell } from '../../ui/table.tsx'
import styles from './load-cells.module.css'

interface LoadCellsProps {
  id: string
  className?: string | undefined
}

/** What a server's processes use now, and the course of the last ten minutes. */
export function LoadCells({ id, className }: LoadCellsProps) {
  const usage = useServerUsage(id)
  const now = usage.at(-1) ?? null
  return (
    <>
      <Cell rule className={className}>
        <span className={styles.load}>
          <Sparkline
            filled
            color="--chart-1"
            steps={usageSamplesKept}
            values={usage.map((one) => one?.cpu_percent ?? null)}
          />
          <Figure value={now?.cpu_percent ?? null} digits={1} />
        </span>
      </Cell>
      <Cell className={className}>
        <span className={styles.load}>
          <Sparkline color="--chart-5" steps={usageSamplesKept} values={usage.map((one) => one?.memory_mb ?? null)} />
          <Figure value={now?.memory_mb ?? null} digits={0} />
        </span>
      </Cell>
    </>
  )
}

function Figure({ value, digits }: { value: number | null; digits: number }) {
  return value === null ? (
    <span className={styles.none}>–</span>
  ) : (
    <span className={styles.figure}>{value.toFixed(digits)}</span>
  )
}
