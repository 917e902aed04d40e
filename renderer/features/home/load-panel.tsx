import { useLocation } from 'wouter'
import type { ServerUsage } from '../../../shared/usage.ts'
import { usageSamplesKept } from '../../../shared/usage.ts'
import { useBusiest, useServerUsage, useUsageFeed } from '../../client/usage.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { serverHref } from '../../view-state.ts'
import styles from './load-panel.module.css'

/** What the processes of our servers use, the busiest first. */
export function LoadPanel() {
  useUsageFeed()
  const busiest = useBusiest()
  return (
    <Panel title="Load" note="own servers, last 10 min">
      {busiest.length === 0 ? (
        <EmptyState title="No process runs">What the servers of this machine use appears here.</EmptyState>
      ) : (
        <Table label="Load" className={styles.table}>
          <TableHead>
            <HeadCell>Server</HeadCell>
            <HeadCell align="right">CPU</HeadCell>
            <HeadCell align="right">Memory</HeadCell>
          </TableHead>
          {busiest.map((usage) => (
            <Row key={usage.id} usage={usage} />
          ))}
        </Table>
      )}
    </Panel>
  )
}

function Row({ usage: { id, cpu_percent, memory_mb } }: { usage: ServerUsage }) {
  const usage = useServerUsage(id)
  const [, go] = useLocation()
  return (
    <TableRow onOpen={() => go(serverHref(id))}>
      <Cell>
        <span className={styles.name}>{id}</span>
      </Cell>
      <Cell align="right" className={styles.load}>
        <Sparkline
          filled
          color="--chart-1"
          steps={usageSamplesKept}
          values={usage.map((one) => one?.cpu_percent ?? null)}
        />
        <span className={styles.figure}>{cpu_percent === null ? '–' : `${cpu_percent.toFixed(1)} %`}</span>
      </Cell>
      <Cell align="right" className={styles.load}>
        <Sparkline color="--chart-5" steps={usageSamplesKept} values={usage.map((one) => one?.memory_mb ?? null)} />
        <span className={styles.figure}>{memory_mb.toFixed(0)} MB</span>
      </Cell>
    </TableRow>
  )
}
