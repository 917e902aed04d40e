import { memo } from 'react'
import type { TaskId } from '../../../shared/ids.ts'
import type { TaskSummary } from '../../../shared/task.ts'
import { classNames } from '../../ui/class-names.ts'
import { DurationBar } from '../../ui/duration-bar.tsx'
import { formatClock, formatDateTime, type TimeZoneChoice } from '../../ui/format.ts'
import { TaskGlyph } from '../../ui/task-glyph.tsx'
import { originName } from './origin-name.ts'
import styles from './task-row.module.css'

interface TaskRowProps {
  task: TaskSummary
  isOpen: boolean
  zone: TimeZoneChoice
  onOpen(id: TaskId): void
}

/** One task in the register. */
export const TaskRow = memo(function TaskRow({ task, isOpen, zone, onOpen }: TaskRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the register do the same
    // biome-ignore lint/a11y/useFocusableInteractive: the register as a whole takes the focus
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by the window, no table could hold them
    <div
      role="row"
      id={`task-${task.task_id}`}
      aria-selected={isOpen}
      className={classNames(styles.row, isOpen && styles.open)}
      onClick={() => onOpen(task.task_id)}
    >
      <Cell>
        <TaskGlyph status={task.status} />
      </Cell>
      <Cell className={styles.call}>
        {task.action} <span className={styles.agent}>{task.agent}</span>
      </Cell>
      <Cell className={styles.origin}>{originName(task.origin)}</Cell>
      <Cell className={styles.started}>
        <time dateTime={task.created_at} title={formatDateTime(task.created_at, zone)}>
          {startedAt(task.created_at, zone)}
        </time>
      </Cell>
      <Cell className={styles.took}>
        <DurationBar task={task} />
      </Cell>
    </div>
  )
})

function Cell({ className, children }: { className?: string | undefined; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the register as a whole takes the focus
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by the window, no table could hold them
    <span role="gridcell" className={className}>
      {children}
    </span>
  )
}

/** The clock time of a task of today, else its day. */
function startedAt(at: string, zone: TimeZoneChoice): string {
  const [day, today] = [at, new Date().toISOString()].map((time) => formatDateTime(time, zone).slice(0, 10))
  return day === today ? formatClock(at, zone) : day!.slice(5)
}

/** The names of the columns. */
export function TaskHead() {
  return (
    <div className={styles.head} aria-hidden="true">
      <span />
      <span>Call</span>
      <span className={styles.origin}>Asked by</span>
      <span className={styles.started}>Started</span>
      <span className={classNames(styles.took, styles.tookHead)}>
        Took <span>log scale</span>
      </span>
    </div>
  )
}
