import type { ReactNode } from 'react'
import { classNames } from '../../ui/class-names.ts'
import { Table } from '../../ui/table.tsx'
import styles from './table-section.module.css'

interface TableSectionProps {
  title: string
  /** What the table is to who hears it. */
  label: string
  /** Sets its columns. */
  columns: string | undefined
  children: ReactNode
}

/** A table of the overview below its own heading. */
export function TableSection({ title, label, columns, children }: TableSectionProps) {
  return (
    <section aria-label={title} className={styles.section}>
      <h2 className={styles.heading}>{title}</h2>
      <Table label={label} className={classNames(styles.table, columns)}>
        {children}
      </Table>
    </section>
  )
}
