import { Fragment } from 'react'
import type { Server } from '../../../shared/server.ts'
import { useUsageFeed } from '../../client/usage.ts'
import { classNames } from '../../ui/class-names.ts'
import { StateCellHead } from '../../ui/state-cell.tsx'
import { HeadCell, Table, TableHead } from '../../ui/table.tsx'
import { OpenRow } from './open-row.tsx'
import { ServerRow } from './server-row.tsx'
import styles from './servers-table.module.css'

interface ServersTableProps {
  servers: readonly Server[]
  /** The id whose row is open, or empty. */
  open: string
  onOpen: (id: string) => void
}

/** The register of servers. */
export function ServersTable({ servers, open, onOpen }: ServersTableProps) {
  useUsageFeed()
  return (
    <Table label="Servers" className={styles.table}>
      <TableHead group>
        <HeadCell className={styles.two}>Server</HeadCell>
        <HeadCell rule>State</HeadCell>
        <HeadCell rule className={styles.link}>
          Link
        </HeadCell>
        <HeadCell rule className={classNames(styles.load, styles.wide)}>
          Load, 10 min
        </HeadCell>
        <HeadCell rule className={styles.record}>
          Record
        </HeadCell>
      </TableHead>
      <TableHead>
        <HeadCell>On</HeadCell>
        <HeadCell>Name</HeadCell>
        <HeadCell rule>
          <StateCellHead />
        </HeadCell>
        <HeadCell rule>Via</HeadCell>
        <HeadCell className={styles.wide}>Era</HeadCell>
        <HeadCell align="right">Tools</HeadCell>
        <HeadCell rule align="right" className={styles.wide}>
          CPU %
        </HeadCell>
        <HeadCell align="right" className={styles.wide}>
          Mem MB
        </HeadCell>
        <HeadCell rule align="right" className={styles.wide}>
          Rst
        </HeadCell>
        <HeadCell align="right" className={styles.lastCall}>
          Last call
        </HeadCell>
        <HeadCell className={styles.wide}>Last error</HeadCell>
      </TableHead>
      {servers.map((server) => (
        <Fragment key={server.id}>
          <ServerRow server={server} isOpen={server.id === open} onOpen={onOpen} />
          {server.id === open && <OpenRow server={server} />}
        </Fragment>
      ))}
    </Table>
  )
}
