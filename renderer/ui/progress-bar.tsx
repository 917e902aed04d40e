import { Progress as Base } from '@base-ui/react/progress'
import type { Progress } from '../../shared/task.ts'
import styles from './progress-bar.module.css'

/** Progress of a running task: a share when the total is known, else the count. */
export function ProgressBar({ progress, label }: { progress: Progress | null; label: string }) {
  const share = progress?.total ? Math.min(100, (progress.progress / progress.total) * 100) : null
  return (
    <Base.Root value={share} aria-label={label} className={styles.root}>
      <Base.Track className={styles.track}>
        <Base.Indicator className={styles.fill} />
      </Base.Track>
      <span className={styles.text}>{share !== null ? `${Math.round(share)} %` : (progress?.progress ?? '')}</span>
    </Base.Root>
  )
}
