import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './panel.module.css'

interface PanelProps {
  title: string
  note?: ReactNode
  /** At the right of its head: a link or a button. */
  aside?: ReactNode
  className?: string | undefined
  children: ReactNode
}

/** A framed part of a page with a head. */
export function Panel({ title, note, aside, className, children }: PanelProps) {
  return (
    <section aria-label={title} className={classNames(styles.panel, className)}>
      <div className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  )
}
