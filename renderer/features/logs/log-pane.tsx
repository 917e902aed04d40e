import type { ServerId } from '../../../shared/ids.ts'
import styles from './log-view.module.css'
import { LogView } from './log-view.tsx'
import { useLogView } from './use-log-view.ts'

/** The live log of one server. */
export function LogPane({ server }: { server: string }) {
  return (
    <div className={styles.pane}>
      <LogView view={useLogView(server as ServerId)} />
    </div>
  )
}
