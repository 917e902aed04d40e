import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { TaskId } from '../../../shared/ids.ts'
import { useCall, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Segments } from '../../ui/segments.tsx'
import { RowWindow, type RowWindowHandle } from '../logs/row-window.tsx'
import { TaskDetail } from './task-detail.tsx'
import { neighbour } from './task-list.ts'
import { TaskRail } from './task-rail.tsx'
import { TaskHead, TaskRow } from './task-row.tsx'
import styles from './tasks-page.module.css'
import { type LiveTasks, useTaskList } from './use-task-list.ts'
import { type TaskView, useTaskView } from './use-task-view.ts'

/** The register; `taskId` opens one. */
export function TasksPage({ taskId }: { taskId: string | null }) {
  const view = useTaskView()
  const live = useTaskList(view.filter)
  const total = useSnapshot((snapshot) => snapshot.tasks_total)
  const facets = useFacets(view, live.changes)
  const [isRailOpen, setRailOpen] = useState(false)
  return (
    <Page
      title="Tasks"
      facts={`${formatCount(total)} on record`}
      toolbar={
        <>
          <SearchField
            label="Find in tool, parameters, result and error"
            placeholder="Find in tools, parameters, results and errors"
            className={styles.search}
            value={view.text}
            onChange={view.setText}
            aside={facets ? formatCount(facets.total) : ''}
          />
          <span className={styles.narrowOnly}>
            <Button glyph="filter" aria-pressed={isRailOpen} onClick={() => setRailOpen(!isRailOpen)}>
              Filters
            </Button>
          </span>
          <Segments label="Time span" value={view.span} segments={spanSegments} onChange={view.setSpan} />
        </>
      }
    >
      <div className={styles.tasks}>
        <TaskRail view={view} facets={facets} isOpen={isRailOpen} />
        <Register view={view} live={live} openId={taskId as TaskId | null} />
        <div className={styles.detail}>
          {taskId === null ? (
            <EmptyState glyph="tasks" title="No task is open">
              Click one, or walk through the register with the arrow keys.
            </EmptyState>
          ) : (
            <TaskDetail key={taskId} id={taskId as TaskId} view={view} />
          )}
        </div>
      </div>
    </Page>
  )
}

const spanSegments = [
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'all', label: 'All' },
] as const

const settleMs = 1000

/** Counts for the rail; asked anew a moment after tasks changed. */
function useFacets(view: TaskView, changes: number) {
  const call = useCall(JSON.stringify(view.filter), (engine, signal) => engine.tasks.facets(view.filter, { signal }))
  const reload = useRef(call.reload)
  useEffect(() => {
    reload.current = call.reload
  })
  const seen = useRef(changes)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (seen.current === changes) return
    seen.current = changes
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      reload.current()
    }, settleMs)
  }, [changes])
  useEffect(() => () => clearTimeout(timer.current), [])
  return call.kind === 'done' ? call.data : null
}

function Register({ view, live, openId }: { view: TaskView; live: LiveTasks; openId: TaskId | null }) {
  const zone = usePreferences((preferences) => preferences.zone)
  const rowHeight = usePreferences((preferences) => preferences.density) === 'comfortable' ? 36 : 28
  const [isAtTop, setAtTop] = useState(true)
  const rows = useRef<RowWindowHandle>(null)
  const { list, first } = live
  const latest = useRef(view.open)
  useEffect(() => {
    latest.current = view.open
  })
  const open = useCallback((id: TaskId) => latest.current(id), [])

  function move(event: KeyboardEvent): void {
    if (!list) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null
    if (event.key === 'Escape' && openId !== null) view.open(null)
    else if (step !== null) {
      const next = neighbour(list, openId, step)
      if (!next) return
      view.open(next.task_id)
      rows.current?.show(first + list.items.indexOf(next), 'nearest')
    } else return
    event.preventDefault()
  }

  if (live.failure && !list) {
    return (
      <EmptyState glyph="failed" title={live.failure.message}>
        {live.failure.hint}
      </EmptyState>
    )
  }
  if (!list) return <div className={styles.register} aria-busy="true" />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the register inside
    <div className={styles.register} onKeyDown={move}>
      <TaskHead />
      {list.items.length === 0 ? (
        <NoTasks view={view} />
      ) : (
        <RowWindow
          ref={rows}
          role="grid"
          label={`${countOf(list.items.length, 'task')}${list.next_before ? ' and more' : ''}`}
          activeId={openId === null ? undefined : `task-${openId}`}
          first={first}
          end={first + list.items.length}
          rowHeight={rowHeight}
          edge="start"
          isStuck={isAtTop}
          onStuckChange={setAtTop}
          onNearOlder={live.loadOlder}
          renderRow={(place) => {
            const task = list.items[place - first]
            return task && <TaskRow task={task} isOpen={task.task_id === openId} zone={zone} onOpen={open} />
          }}
        />
      )}
    </div>
  )
}

function NoTasks({ view }: { view: TaskView }) {
  const isFiltered = Object.keys(view.filter).length > 0
  if (!isFiltered) {
    return (
      <EmptyState glyph="tasks" title="No call yet" actions={<a href="#/runner">Run a tool</a>}>
        Every call of a tool is put on record here, whoever makes it.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      glyph="tasks"
      title="No task matches"
      actions={
        <>
          {view.span !== 'all' && <Button onClick={() => view.setSpan('all')}>Look at all times</Button>}
          <Button variant="quiet" onClick={view.clear}>
            Clear the filters
          </Button>
        </>
      }
    >
      A task that matches appears here as soon as it is made.
    </EmptyState>
  )
}
