import { Link, useLocation } from 'wouter'
import type { TaskId } from '../../../shared/ids.ts'
import { holdsMask } from '../../../shared/mask.ts'
import { isFinished, type Task, type TaskSummary } from '../../../shared/task.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Button } from '../../ui/button.tsx'
import { useClock } from '../../ui/clock.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { formatClock, formatDateTime, formatDuration } from '../../ui/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { TaskGlyph, taskLooks } from '../../ui/task-glyph.tsx'
import { failureToast } from '../../ui/toast.tsx'
import { serverHref } from '../../view-state.ts'
import { curlCommand, terminalCommand } from './call-commands.ts'
import { LogSlice } from './log-slice.tsx'
import { originName } from './origin-name.ts'
import { ResultView } from './result-view.tsx'
import styles from './task-detail.module.css'
import { TaskTrouble } from './task-trouble.tsx'
import { TimelineView } from './timeline-view.tsx'
import { useTask } from './use-task.ts'
import type { TaskView } from './use-task-view.ts'

/** One task: what came of it, when, from what, with what. */
export function TaskDetail({ id, view }: { id: TaskId; view: TaskView }) {
  const { task, summary, events, lines, failure } = useTask(id)
  if (failure && !task) {
    return (
      <EmptyState glyph="failed" title={failure.message} actions={<Link href="/tasks">Back to the register</Link>}>
        {failure.hint}
      </EmptyState>
    )
  }
  if (!task || !summary) return <div aria-busy="true" />
  return (
    <>
      <Head task={task} summary={summary} onOpen={view.open} />
      <Tabs
        label="Parts of the task"
        value={view.tab}
        onChange={view.setTab}
        tabs={[
          {
            value: 'timeline',
            label: 'Timeline',
            panel: (
              <>
                <TimelineView task={summary} events={events} lines={lines} />
                <div className={styles.block}>
                  <JsonView label="Input" value={task.parameters} />
                </div>
                <LogSlice task={summary} lines={lines} />
              </>
            ),
          },
          {
            value: 'input',
            label: 'Input',
            panel: (
              <div className={styles.block}>
                <JsonView label="Parameters" value={task.parameters} openDepth={4} />
              </div>
            ),
          },
          { value: 'result', label: 'Result', panel: <Result task={task} /> },
          {
            value: 'json',
            label: 'JSON',
            panel: (
              <div className={styles.block}>
                <JsonView label="The task" value={task} openDepth={2} />
              </div>
            ),
          },
        ]}
      />
    </>
  )
}

interface HeadProps {
  task: Task
  summary: TaskSummary
  onOpen(id: TaskId): void
}

function Head({ task, summary, onOpen }: HeadProps) {
  const zone = usePreferences((preferences) => preferences.zone)
  const pid = useSnapshot((snapshot) => snapshot.servers.find((server) => server.run_id === task.run_id)?.pid ?? null)
  const command = useCommand()
  const [, go] = useLocation()
  const runnerHref = `/runner/${encodeURIComponent(task.agent)}/${encodeURIComponent(task.action)}?from=${task.task_id}`
  const isRunning = !isFinished(summary.status)

  async function again(): Promise<void> {
    // What was masked was not kept: it has to be filled in anew.
    if (holdsMask(task.parameters)) return go(runnerHref)
    const made = await command.run((engine) => engine.tasks.rerun({ task_id: task.task_id }))
    if (made) onOpen(made.task_id)
  }

  return (
    <header className={styles.head}>
      <div className={styles.line}>
        <TaskGlyph status={summary.status} />
        <h2 className={styles.title}>{task.action}</h2>
        <Link href={serverHref(task.agent)} className={styles.agent}>
          {task.agent}
        </Link>
        {isRunning ? (
          <Button
            busy={command.isBusy}
            onClick={() => void command.run((engine) => engine.tasks.cancel({ task_id: task.task_id }))}
          >
            Cancel
          </Button>
        ) : (
          <Button busy={command.isBusy} onClick={() => void again()}>
            Run again
          </Button>
        )}
        <MoreMenu task={task} />
      </div>
      {isRunning && <Progress summary={summary} />}
      <TaskTrouble task={task} status={summary.status} />
      <p className={styles.facts}>
        <span>{taskLooks[summary.status].word}</span>
        <time dateTime={task.created_at} title={formatDateTime(task.created_at, zone)}>
          {formatClock(task.created_at, zone, true)}
        </time>
        <span>{originName(task.origin)}</span>
        {summary.duration_ms !== null && <span>{formatDuration(summary.duration_ms)}</span>}
        {pid !== null && <span>pid {pid}</span>}
        <code title={task.task_id}>…{task.task_id.slice(-6)}</code>
        {task.rerun_of && <Link href={`/tasks/${task.rerun_of}`}>again of …{task.rerun_of.slice(-6)}</Link>}
        {task.parent_id && <Link href={`/tasks/${task.parent_id}`}>part of …{task.parent_id.slice(-6)}</Link>}
      </p>
    </header>
  )
}

function Progress({ summary }: { summary: TaskSummary }) {
  const elapsed = useClock((now) => now - Date.parse(summary.created_at))
  return (
    <div className={styles.progress}>
      <ProgressBar progress={summary.progress} label={`Progress of ${summary.action}`} />
      <span className={styles.progressText}>{summary.progress?.message ?? ''}</span>
      <span className={styles.elapsed}>{formatDuration(Math.max(0, elapsed))}</span>
    </div>
  )
}

function MoreMenu({ task }: { task: Task }) {
  const url = useSnapshot((snapshot) => snapshot.url)
  const home = useSnapshot((snapshot) => snapshot.home)
  const [, navigate] = useLocation()
  const copy = (text: string): void => {
    navigator.clipboard.writeText(text).catch((cause: unknown) => {
      failureToast({
        code: 'clipboard_refused',
        message: cause instanceof Error ? cause.message : 'The clipboard cannot be written',
        hint: 'Open the JSON tab and copy it by hand.',
      })
    })
  }
  return (
    <Menu trigger={<IconButton glyph="more" label="More" />}>
      <MenuItem
        glyph="runner"
        onSelect={() =>
          navigate(`/runner/${encodeURIComponent(task.agent)}/${encodeURIComponent(task.action)}?from=${task.task_id}`)
        }
      >
        Edit and run again
      </MenuItem>
      <MenuSeparator />
      <MenuItem glyph="copy" onSelect={() => copy(terminalCommand(task))}>
        Copy as terminal command
      </MenuItem>
      {url !== null && (
        <MenuItem glyph="copy" onSelect={() => copy(curlCommand(task, url, home))}>
          Copy as curl
        </MenuItem>
      )}
      <MenuItem glyph="copy" onSelect={() => copy(task.task_id)}>
        Copy the id
      </MenuItem>
    </Menu>
  )
}

function Result({ task }: { task: Task }) {
  if (task.result !== undefined) {
    return (
      <div className={styles.block}>
        <ResultView result={task.result} />
        <div className={styles.whole}>
          <JsonView label="Whole result" value={task.result} openDepth={1} />
        </div>
      </div>
    )
  }
  if (task.error?.raw !== undefined) {
    return (
      <div className={styles.block}>
        <ResultView result={{ content: [{ type: 'text', text: task.error.raw }] }} />
      </div>
    )
  }
  return (
    <EmptyState glyph="tasks" title={isFinished(task.status) ? 'No result' : 'No result yet'}>
      {isFinished(task.status) ? 'The tool gave no answer.' : 'It appears here when the tool answers.'}
    </EmptyState>
  )
}
