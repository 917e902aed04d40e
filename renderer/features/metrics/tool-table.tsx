import type { ToolFigures } from '../../../shared/metrics-contract.ts'
import { classNames } from '../../ui/class-names.ts'
import { countOf, formatCount, formatDuration } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import type { MetricView } from './metric-view.ts'
import styles from './tool-table.module.css'

interface ToolTableProps {
  view: MetricView
  servers: readonly ToolFigures[]
  tools: readonly ToolFigures[]
  toolsTotal: number
  /** In words: `last hour`. */
  rangeText: string
}

/** Every server and tool that was called, the busiest first; a row chosen is what the charts show. */
export function ToolTable({ view, servers, tools, toolsTotal, rangeText }: ToolTableProps) {
  const rows = servers.flatMap((server) => [server, ...tools.filter((tool) => tool.server === server.server)])
  const most = Math.max(1, ...servers.map(({ calls }) => calls))
  const hidden = toolsTotal - tools.length
  const note = `${rangeText}; choose one to see it above${hidden > 0 ? `; ${countOf(hidden, 'tool')} not shown` : ''}`
  return (
    <Panel title="By server and tool" level={2} note={note}>
      <Table label="By server and tool" className={styles.table}>
        <TableHead>
          <HeadCell>Server and tool</HeadCell>
          <HeadCell align="right">Calls</HeadCell>
          <HeadCell className={styles.bars}>
            <VisuallyHidden>Beside the busiest</VisuallyHidden>
          </HeadCell>
          <HeadCell align="right" rule>
            Errors
          </HeadCell>
          <HeadCell align="right">Share</HeadCell>
          <HeadCell align="right" rule>
            p50
          </HeadCell>
          <HeadCell align="right">p95</HeadCell>
        </TableHead>
        {rows.map((row) => (
          <Row key={`${row.server} ${row.tool}`} row={row} most={most} view={view} />
        ))}
      </Table>
    </Panel>
  )
}

function Row({ row, most, view }: { row: ToolFigures; most: number; view: MetricView }) {
  const { server, tool, calls, errors, p50_ms, p95_ms } = row
  const isChosen = view.server === server && view.tool === tool
  return (
    <TableRow selected={isChosen} onOpen={() => (isChosen ? view.choose(null, null) : view.choose(server, tool))}>
      <Cell>
        <span className={classNames(styles.name, tool === null ? styles.server : styles.tool)}>{tool ?? server}</span>
      </Cell>
      <Cell align="right">{formatCount(calls)}</Cell>
      <Cell className={styles.bars}>
        <span
          className={classNames(styles.bar, tool !== null && styles.part)}
          style={{ width: `${(calls / most) * 100}%` }}
        />
      </Cell>
      <Cell align="right" rule className={classNames(errors > 0 && styles.bad)}>
        {errors === 0 ? <span className={styles.none}>–</span> : formatCount(errors)}
      </Cell>
      <Cell align="right">
        {errors === 0 ? <span className={styles.none}>–</span> : `${((errors / calls) * 100).toFixed(1)} %`}
      </Cell>
      <Cell align="right" rule>
        {p50_ms === null ? '–' : formatDuration(p50_ms)}
      </Cell>
      <Cell align="right">{p95_ms === null ? '–' : formatDuration(p95_ms)}</Cell>
    </TableRow>
  )
}
