import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './panel.module.css'

interface PanelProps {
  title: string
  /** Of its heading on the page; 3 unless told. */
  level?: 2 | 3
  note?: ReactNode
  /** At the right of its head: a link or a button. */
  aside?: ReactNode
  className?: string | undefined
  children: ReactNode
}

/** A framed part of a page with a head. */
export function Panel({ title, level = 3, note, aside, className, children }: PanelProps) {
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section aria-label={title} className={classNames(styles.panel, className)}>
      <div className={styles.head}>
        <Heading className={styles.title}>{title}</Heading>
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  )
}
