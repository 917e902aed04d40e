import { useLocation } from 'wouter'
import type { Task, TaskStatus } from '../../../shared/task.ts'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import styles from './task-detail.module.css'

interface TaskTroubleProps {
  task: Task
  status: TaskStatus
  /** Whether its arguments stand ready to be changed right beside it. */
  isBesideForm?: boolean
}

/** What went wrong with a task, and what to do next. */
export function TaskTrouble({ task, status, isBesideForm = false }: TaskTroubleProps) {
  const { error } = task
  if (!error) return null
  const tone = status === 'timed_out' ? styles.late : status === 'failed' ? styles.bad : styles.over
  return (
    <div className={styles.trouble}>
      <p>
        <b className={tone}>{sentence(error.message)}</b> {error.hint && <span>{sentence(error.hint)}</span>}{' '}
        <code className={styles.code}>{error.code}</code>
      </p>
      <WayOut task={task} isBesideForm={isBesideForm} />
    </div>
  )
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)

function WayOut({ task, isBesideForm }: { task: Task; isBesideForm: boolean }) {
  const command = useCommand()
  const [, navigate] = useLocation()
  const edit = `/runner/${encodeURIComponent(task.agent)}/${encodeURIComponent(task.action)}?from=${task.task_id}`
  switch (task.error?.code) {
    case 'server_not_running':
      return (
        <Button
          size="small"
          busy={command.isBusy}
          onClick={() => void command.run((engine) => engine.servers.start({ id: task.agent }))}
        >
          Start {task.agent}
        </Button>
      )
    case 'invalid_arguments':
    case 'tool_error':
      return isBesideForm ? null : (
        <Button size="small" onClick={() => navigate(edit)}>
          Edit and run again
        </Button>
      )
    default:
      if (task.status !== 'timed_out' || isBesideForm) return null
      return (
        <Button size="small" onClick={() => navigate(edit)}>
          Raise the limit
        </Button>
      )
  }
}
