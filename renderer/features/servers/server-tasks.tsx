import { Link, useLocation } from 'wouter'
import { useCall, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { DurationBar } from '../../ui/duration-bar.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { formatDateTime } from '../../ui/format.ts'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { TaskGlyph } from '../../ui/task-glyph.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './server-tasks.module.css'

/** The last calls of a server's tools; the register has all of them. */
export function ServerTasks({ id }: { id: string }) {
  const [, go] = useLocation()
  const zone = usePreferences((state) => state.zone)
  const latest = useSnapshot((snapshot) => newest([...snapshot.running, ...snapshot.recent], id))
  const answer = useCall(id, (client, signal) => client.tasks.list({ agent: [id], limit: 50 }, { signal }), latest)
  if (answer.kind === 'failed') return <FailedState failure={answer.failure} onRetry={answer.reload} />
  if (answer.kind === 'loading') return null
  if (answer.data.items.length === 0) {
    return (
      <EmptyState
        glyph="tasks"
        title={`Nobody has called a tool of ${id} yet`}
        actions={<Link href={`/runner/${encodeURIComponent(id)}`}>Try a tool</Link>}
      />
    )
  }
  return (
    <>
      <Table label={`Tasks of ${id}`} className={styles.table}>
        <TableHead>
          <HeadCell>
            <VisuallyHidden>Status</VisuallyHidden>
          </HeadCell>
          <HeadCell>Tool</HeadCell>
          <HeadCell>Asked by</HeadCell>
          <HeadCell align="right">Started</HeadCell>
          <HeadCell rule>Took</HeadCell>
        </TableHead>
        {answer.data.items.map((task) => (
          <TableRow key={task.task_id} onOpen={() => go(`/tasks/${task.task_id}`)}>
            <Cell>
              <TaskGlyph status={task.status} />
            </Cell>
            <Cell>{task.action}</Cell>
            <Cell className={styles.soft}>{task.origin}</Cell>
            <Cell align="right" className={styles.soft}>
              {formatDateTime(task.created_at, zone)}
            </Cell>
            <Cell rule>
              <DurationBar task={task} />
            </Cell>
          </TableRow>
        ))}
      </Table>
      <p className={styles.all}>
        <Link href={`/tasks?agent=${encodeURIComponent(id)}`}>All tasks of {id}</Link>
      </p>
    </>
  )
}

/** Changes when a task of the server begins or ends. */
function newest(tasks: readonly { agent: string; task_id: string; status: string }[], id: string): string {
  const task = tasks.filter((one) => one.agent === id).sort((a, b) => (a.task_id < b.task_id ? 1 : -1))[0]
  return task ? `${task.task_id}:${task.status}` : ''
}
