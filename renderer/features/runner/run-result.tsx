import { useState } from 'react'
import { Link } from 'wouter'
import type { ServerId, TaskId } from '../../../shared/ids.ts'
import { isFinished, type TaskSummary } from '../../../shared/task.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Button } from '../../ui/button.tsx'
import { useClock } from '../../ui/clock.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatClock, formatDuration } from '../../ui/format.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Segments } from '../../ui/segments.tsx'
import { TaskGlyph, taskLooks } from '../../ui/task-glyph.tsx'
import { originName } from '../tasks/origin-name.ts'
import { ResultView } from '../tasks/result-view.tsx'
import { TaskTrouble } from '../tasks/task-trouble.tsx'
import { useTask } from '../tasks/use-task.ts'
import styles from './runner-page.module.css'

interface RunResultProps {
  server: ServerId
  tool: string
  taskId: TaskId | null
  onOpen(id: TaskId): void
  onEdit(parameters: Record<string, unknown>): void
}

/** What came of a call, live, and the earlier calls of the same tool. */
export function RunResult({ server, tool, taskId, onOpen, onEdit }: RunResultProps) {
  const [mode, setMode] = useState<'shown' | 'raw'>('shown')
  const { task, summary, failure } = useTask(taskId)
  const command = useCommand()
  const isRunning = summary !== null && !isFinished(summary.status)
  return (
    <section className={styles.pane} aria-label="Result">
      <header className={styles.head}>
        {summary ? <Outcome summary={summary} /> : <h2 className={styles.title}>Result</h2>}
        <span className={styles.spring} />
        <Segments
          label="How the result is shown"
          value={mode}
          segments={[
            { value: 'shown', label: 'Shown' },
            { value: 'raw', label: 'Raw' },
          ]}
          onChange={setMode}
        />
      </header>
      <div className={styles.body}>
        {failure && <p className={styles.quiet}>{failure.message}</p>}
        {taskId === null && (
          <EmptyState glyph="runner" title="Not run yet">
            The result stands here, and the call in the register.
          </EmptyState>
        )}
        {summary && (summary.progress || isRunning) && (
          <div className={styles.progress}>
            <span>Progress</span>
            <ProgressBar progress={summary.progress} label={`Progress of ${summary.action}`} />
            <span className={styles.quiet}>{summary.progress?.message ?? ''}</span>
          </div>
        )}
        {task && summary && <TaskTrouble task={task} status={summary.status} isBesideForm />}
        {task?.result !== undefined &&
          (mode === 'shown' ? (
            <ResultView result={task.result} />
          ) : (
            <JsonView label="Result as it came" value={task.result} openDepth={6} />
          ))}
        <EarlierCalls server={server} tool={tool} openId={taskId} onOpen={onOpen} />
      </div>
      <footer className={styles.foot}>
        {taskId !== null && <Link href={`/tasks/${taskId}`}>Open task …{taskId.slice(-6)}</Link>}
        <span className={styles.spring} />
        {isRunning && taskId !== null && (
          <Button
            busy={command.isBusy}
            onClick={() => void command.run((engine) => engine.tasks.cancel({ task_id: taskId }))}
          >
            Cancel
          </Button>
        )}
        {task && !isRunning && <Button onClick={() => onEdit(task.parameters)}>Take these arguments</Button>}
      </footer>
    </section>
  )
}

function Outcome({ summary }: { summary: TaskSummary }) {
  const elapsed = useClock((now) => summary.duration_ms ?? Math.max(0, now - Date.parse(summary.created_at)))
  return (
    <>
      <TaskGlyph status={summary.status} silent />
      <h2 className={styles.title} aria-live="polite">
        {taskLooks[summary.status].word}
      </h2>
      <span className={styles.took}>{formatDuration(elapsed)}</span>
    </>
  )
}

const shownCalls = 8

interface EarlierCallsProps {
  server: ServerId
  tool: string
  openId: TaskId | null
  onOpen(id: TaskId): void
}

function EarlierCalls({ server, tool, openId, onOpen }: EarlierCallsProps) {
  const zone = usePreferences((preferences) => preferences.zone)
  // The newest call of this tool anywhere: when it changes, so does the list.
  const newest = useSnapshot((snapshot) => {
    const isOfTool = (task: TaskSummary): boolean => task.agent === server && task.action === tool
    const task = snapshot.running.find(isOfTool) ?? snapshot.recent.find(isOfTool)
    return task ? `${task.task_id} ${task.status}` : ''
  })
  const call = useCall(`calls ${server} ${tool} ${newest}`, (engine, signal) =>
    engine.tasks.list({ agent: [server], action: [tool], limit: shownCalls }, { signal }),
  )
  const [kept, setKept] = useState<readonly TaskSummary[]>([])
  const items = call.kind === 'done' ? call.data.items : kept
  if (call.kind === 'done' && call.data.items !== kept) setKept(call.data.items)
  if (items.length === 0) return null
  return (
    <section aria-label="Earlier calls">
      <div className={styles.sameHead}>
        <h3>Earlier calls</h3>
        <Link href={`/tasks?${new URLSearchParams({ server, tool })}`} className={styles.all}>
          All in the register
        </Link>
      </div>
      <ul className={styles.calls}>
        {items.map((task) => (
          <li key={task.task_id}>
            <button
              type="button"
              className={styles.call}
              aria-current={task.task_id === openId}
              onClick={() => onOpen(task.task_id)}
            >
              <TaskGlyph status={task.status} size={14} />
              <span className={styles.callBy}>
                {task.error_code ?? taskLooks[task.status].word.toLowerCase()}, {originName(task.origin)}
              </span>
              <time dateTime={task.created_at}>{formatClock(task.created_at, zone)}</time>
              <span className={styles.callTook}>
                {task.duration_ms === null ? '–' : formatDuration(task.duration_ms)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
