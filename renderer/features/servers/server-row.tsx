import { memo, useId } from 'react'
import { Link } from 'wouter'
import type { Server } from '../../../shared/server.ts'
import { Age } from '../../ui/age.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatCount } from '../../ui/format.ts'
import { NumberPlate } from '../../ui/number-plate.tsx'
import { StateCell } from '../../ui/state-cell.tsx'
import { Cell, TableRow } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { serverHref } from '../../view-state.ts'
import { LoadCells } from './load-cells.tsx'
import { ServerLever } from './server-lever.tsx'
import styles from './servers-table.module.css'

interface ServerRowProps {
  server: Server
  isOpen: boolean
  onOpen: (id: string) => void
}

/** One server in the register. */
export const ServerRow = memo(function ServerRow({ server, isOpen, onOpen }: ServerRowProps) {
  const stateId = useId()
  return (
    <TableRow selected={isOpen} onOpen={() => onOpen(server.id)}>
      <Cell className={styles.lever}>
        <ServerLever server={server} describedBy={stateId} />
        <NumberPlate number={server.number} />
      </Cell>
      <Cell>
        <Link
          href={serverHref(server.id)}
          tabIndex={-1}
          className={classNames(styles.name, !server.wished && styles.off)}
          onClick={(event) => event.stopPropagation()}
        >
          {server.id}
        </Link>
      </Cell>
      <Cell rule>
        <StateCell server={server} id={stateId} />
      </Cell>
      <Cell rule className={styles.soft}>
        {server.transport}
      </Cell>
      <Cell className={classNames(styles.soft, styles.wide)}>{server.protocol_version?.slice(0, 7) ?? <Dash />}</Cell>
      <Cell align="right">{server.tools === null ? <Dash /> : formatCount(server.tools)}</Cell>
      <LoadCells id={server.id} className={styles.wide} />
      <Cell rule align="right" className={classNames(styles.wide, server.restarts === 0 && styles.soft)}>
        {server.restarts}
      </Cell>
      <Cell align="right" className={classNames(styles.soft, styles.small, styles.lastCall)}>
        <Age at={server.last_call_at} absent="never" />
      </Cell>
      <Cell className={classNames(styles.soft, styles.small, styles.wide)}>
        {server.last_error ? (
          <Tooltip text={server.last_error.message}>
            <span className={styles.clip}>{server.last_error.code.replaceAll('_', ' ')}</span>
          </Tooltip>
        ) : (
          <Dash />
        )}
      </Cell>
    </TableRow>
  )
})

function Dash() {
  return <span className={styles.dash}>–</span>
}
