import { Link, useLocation } from 'wouter'
import type { TaskSummary } from '../../../shared/task.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Chip } from '../../ui/chip.tsx'
import { DurationBar } from '../../ui/duration-bar.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Cell, Table, TableRow } from '../../ui/table.tsx'
import { TaskGlyph } from '../../ui/task-glyph.tsx'
import styles from './task-panel.module.css'

const texts = {
  running: {
    title: 'Running now',
    empty: 'No call is running',
    hint: 'A call appears here the moment anyone makes one.',
    all: '/tasks?status=queued,running,input_required',
  },
  recent: {
    title: 'Just finished',
    empty: 'No call has finished yet',
    hint: 'Open the runner to make the first one.',
    all: '/tasks',
  },
} as const

/** Tasks that run now, or those that finished last. */
export function TaskPanel({ kind }: { kind: 'running' | 'recent' }) {
  const tasks = useSnapshot((snapshot) => (kind === 'running' ? snapshot.running : snapshot.recent))
  const text = texts[kind]
  return (
    <Panel
      title={text.title}
      note={kind === 'running' ? tasks.length : undefined}
      aside={<Link href={text.all}>All tasks</Link>}
    >
      {tasks.length === 0 ? (
        <EmptyState
          title={text.empty}
          actions={kind === 'recent' ? <Link href="/runner">Open the runner</Link> : undefined}
        >
          {text.hint}
        </EmptyState>
      ) : (
        <Table label={text.title} className={styles.table}>
          {tasks.map((task) => (
            <Row key={task.task_id} task={task} />
          ))}
        </Table>
      )}
    </Panel>
  )
}

function Row({ task }: { task: TaskSummary }) {
  const [, go] = useLocation()
  return (
    <TableRow onOpen={() => go(`/tasks/${task.task_id}`)}>
      <Cell>
        <TaskGlyph status={task.status} />
      </Cell>
      <Cell>
        <span className={styles.name}>
          {task.action} <span className={styles.server}>{task.agent}</span>
        </span>
      </Cell>
      <Cell className={styles.middle}>
        <Middle task={task} />
      </Cell>
      <Cell>
        <DurationBar task={task} />
      </Cell>
    </TableRow>
  )
}

function Middle({ task }: { task: TaskSummary }) {
  if (task.status === 'input_required') return <Chip tone="you">waits for you</Chip>
  if (task.status === 'running') {
    return task.progress ? (
      <ProgressBar progress={task.progress} label={`Progress of ${task.action}`} />
    ) : (
      <span className={styles.clip}>no progress sent</span>
    )
  }
  if (task.error_code) return <span className={styles.clip}>{task.error_code}</span>
  return task.finished_at ? (
    <span>
      <Age at={task.finished_at} /> ago
    </span>
  ) : null
}
