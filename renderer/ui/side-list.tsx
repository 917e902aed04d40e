import { type ReactNode, useEffect, useRef } from 'react'
import styles from './side-list.module.css'

interface SideListProps {
  label: string
  search: ReactNode
  /** Names the link that has `aria-current`; null where there is none yet. */
  open: string | null
  children: ReactNode
}

/** What can be opened, beside what is open: a search above, links below, the open one in sight. */
export function SideList({ label, search, open, children }: SideListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (open !== null) list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [open])
  return (
    <nav className={styles.side} aria-label={label}>
      <div className={styles.search}>{search}</div>
      <div ref={list} className={styles.list}>
        {children}
      </div>
    </nav>
  )
}
