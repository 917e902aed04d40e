import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import styles from './register.module.css'

interface RegisterProps {
  table: ReactNode
  /** Shows more of what lies further back; null where nothing does. */
  onOlder: (() => void) | null
  /** What is open. */
  children: ReactNode
}

/** A register, newest first, with one of its rows open beside it. */
export function Register({ table, onOlder, children }: RegisterProps) {
  return (
    <div className={styles.both}>
      <div className={styles.register}>
        {table}
        {onOlder !== null && (
          <div className={styles.more}>
            <Button size="small" onClick={onOlder}>
              Older
            </Button>
          </div>
        )}
      </div>
      {children}
    </div>
  )
}
