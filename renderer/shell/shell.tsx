import type { ReactNode } from 'react'
import { Nav } from './nav.tsx'
import styles from './shell.module.css'
import { StatusBar } from './status-bar.tsx'
import { useShortcuts } from './use-shortcuts.ts'

/** The furniture around every page. */
export function Shell({ children }: { children: ReactNode }) {
  useShortcuts()
  return (
    <div className={styles.shell}>
      <Nav />
      {children}
      <StatusBar />
    </div>
  )
}
