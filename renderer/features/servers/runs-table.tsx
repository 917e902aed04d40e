import type { Run, Server } from '../../../shared/server.ts'
import { useCall } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { formatDateTime, formatDuration } from '../../ui/format.ts'
import { Cell, HeadCell, TableHead, TableRow } from '../../ui/table.tsx'
import styles from './runs-table.module.css'
import { TableSection } from './table-section.tsx'

/** The lives of a server's process, newest first; read anew when it comes into another run or state. */
export function RunsTable({ server }: { server: Server }) {
  const runs = useCall(
    server.id,
    (client, signal) => client.servers.runs({ id: server.id, limit: 20 }, { signal }),
    `${server.run_id}:${server.state}`,
  )
  if (server.transport !== 'stdio' || runs.kind !== 'done' || runs.data.items.length === 0) return null
  return (
    <TableSection title="Runs" label="Runs, newest first" columns={styles.columns}>
      <TableHead>
        <HeadCell>Started</HeadCell>
        <HeadCell align="right">PID</HeadCell>
        <HeadCell align="right">Ready after</HeadCell>
        <HeadCell align="right">Lived</HeadCell>
        <HeadCell>Ended by</HeadCell>
      </TableHead>
      {runs.data.items.map((run) => (
        <RunRow key={run.id} run={run} />
      ))}
    </TableSection>
  )
}

function RunRow({ run }: { run: Run }) {
  const zone = usePreferences((state) => state.zone)
  const startedAt = Date.parse(run.started_at)
  return (
    <TableRow>
      <Cell>{formatDateTime(run.started_at, zone)}</Cell>
      <Cell align="right">{run.pid ?? '–'}</Cell>
      <Cell align="right">{run.ready_at ? formatDuration(Date.parse(run.ready_at) - startedAt) : '–'}</Cell>
      <Cell align="right">{run.ended_at ? formatDuration(Date.parse(run.ended_at) - startedAt) : 'runs'}</Cell>
      <Cell className={styles.end}>{endOf(run)}</Cell>
    </TableRow>
  )
}

function endOf(run: Run): string {
  if (run.ended_at === null) return '–'
  const how = run.signal !== null ? `signal ${run.signal}` : run.exit_code !== null ? `code ${run.exit_code}` : null
  return [run.cause?.replaceAll('_', ' '), how].filter(Boolean).join(', ')
}
