import type { ReactNode } from 'react'
import styles from './setting-row.module.css'

interface SettingRowProps {
  name: string
  /** What it does, and at what price. */
  help?: ReactNode
  /** What is chosen or done. */
  children?: ReactNode
}

/** One line of the settings: what it is at the left, the choice at the right. */
export function SettingRow({ name, help, children }: SettingRowProps) {
  return (
    <div className={styles.row}>
      <div>
        <div className={styles.name}>{name}</div>
        {help !== undefined && <div className={styles.help}>{help}</div>}
      </div>
      {children !== undefined && <div className={styles.control}>{children}</div>}
    </div>
  )
}
