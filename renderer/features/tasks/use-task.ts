import { useEffect, useState } from 'react'
import type { Failure } from '../../../shared/app-error.ts'
import type { TaskId } from '../../../shared/ids.ts'
import type { LogLine } from '../../../shared/log.ts'
import { isFinished, type Task, type TaskEvent, type TaskSummary } from '../../../shared/task.ts'
import { useCall, useStream } from '../../client/hooks.ts'

export interface OpenTask {
  /** Whole, as last read; its summary may be older than `summary`. */
  task: Task | null
  summary: TaskSummary | null
  events: readonly TaskEvent[]
  lines: readonly LogLine[]
  failure: Failure | null
}

/** One task, whole, with its time line and the log of its time; live while it runs, and while its callback is owed. `id` null reads nothing. */
export function useTask(id: TaskId | null): OpenTask {
  const [live, setLive] = useState<{ id: TaskId | null; summary: TaskSummary | null; events: readonly TaskEvent[] }>({
    id,
    summary: null,
    events: [],
  })
  if (live.id !== id) setLive({ id, summary: null, events: [] })

  const whole = useCall(id, (engine, signal) => engine.tasks.get({ task_id: id! }, { signal }))
  const past = useCall(id === null ? null : `${id} events`, (engine, signal) =>
    engine.tasks.events({ task_id: id! }, { signal }),
  )
  const log = useCall(id === null ? null : `${id} logs`, (engine, signal) =>
    engine.tasks.logs({ task_id: id! }, { signal }),
  )

  const task = whole.kind === 'done' ? whole.data : null
  const summary = live.summary ?? task
  const events = past.kind === 'done' ? merged(past.data.items, live.events) : live.events
  const isOpen = task !== null && !isFinished(task.status)
  const failure = useStream(
    past.kind === 'done' ? `${id} follow` : null,
    (engine, signal) => engine.tasks.follow({ task_id: id!, after: events.at(-1)?.number ?? 0 }, { signal }),
    (item) => setLive((before) => ({ ...before, summary: item.task, events: merged(before.events, item.events) })),
  )

  // The end brings what no event carries: the result, the error, the last lines of the log.
  const hasEnded = live.summary !== null && isFinished(live.summary.status) && isOpen
  const { reload: readTask } = whole
  const { reload: readLog } = log
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it ends
  useEffect(() => {
    if (!hasEnded) return
    readTask()
    readLog()
  }, [hasEnded])

  return {
    task,
    summary: isOpen || task === null ? summary : task,
    events,
    lines: log.kind === 'done' ? log.data.items : [],
    failure: whole.kind === 'failed' ? whole.failure : failure,
  }
}

function merged(before: readonly TaskEvent[], more: readonly TaskEvent[]): readonly TaskEvent[] {
  const numbers = new Set(before.map((event) => event.number))
  const fresh = more.filter((event) => !numbers.has(event.number))
  return fresh.length === 0 ? before : [...before, ...fresh].sort((a, b) => a.number - b.number)
}
