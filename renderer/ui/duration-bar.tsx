import type { TaskSummary } from '../../shared/task.ts'
import { useClock } from './clock.ts'
import styles from './duration-bar.module.css'
import { formatDuration } from './format.ts'

const looks: Partial<Record<TaskSummary['status'], string | undefined>> = {
  running: styles.running,
  input_required: styles.running,
  failed: styles.failed,
  timed_out: styles.late,
}

/** How long a task took, on a log scale from 1 ms to 60 s; a running one grows. */
export function DurationBar({ task }: { task: TaskSummary }) {
  const elapsed = useClock((now) => task.duration_ms ?? (task.finished_at ? -1 : now - Date.parse(task.created_at)))
  const share = elapsed < 0 ? 0 : Math.min(1, Math.log10(Math.max(1, elapsed)) / Math.log10(60_000))
  return (
    <span className={styles.cell}>
      <span className={styles.track}>
        <span className={looks[task.status] ?? styles.well} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={styles.time}>{elapsed < 0 ? '–' : formatDuration(elapsed)}</span>
    </span>
  )
}
