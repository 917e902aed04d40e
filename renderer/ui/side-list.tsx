import type { ReactNode } from 'react'
import styles from './side-list.module.css'

/** What can be opened, beside what is open: a search above, links below. */
export function SideList({ label, search, children }: { label: string; search: ReactNode; children: ReactNode }) {
  return (
    <nav className={styles.side} aria-label={label}>
      <div className={styles.search}>{search}</div>
      <div className={styles.list}>{children}</div>
    </nav>
  )
}
