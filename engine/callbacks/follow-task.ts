import type { TaskId } from '../../shared/ids.ts'
import type { TaskEvent, TaskSummary } from '../../shared/task.ts'
import type { TaskRepo } from '../store/store.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import type { Callbacks } from './callbacks.ts'

interface Parts {
  readonly tasks: Pick<TaskRunner, 'follow'>
  readonly events: TaskRepo['events']
  readonly callbacks: Pick<Callbacks, 'isOpen' | 'changed'>
}

interface Batch {
  readonly events: TaskEvent[]
  readonly task: TaskSummary
}

/** The time line of a task, and beyond its end that of its callback. */
export async function* followTask(
  id: TaskId,
  after: number,
  signal: AbortSignal,
  { tasks, events, callbacks }: Parts,
): AsyncGenerator<Batch, void> {
  const isOwed = callbacks.isOpen(id)
  let seen = after
  let task: TaskSummary | null = null
  for await (const batch of tasks.follow(id, after, signal)) {
    seen = Math.max(seen, ...batch.events.map(({ number }) => number))
    task = batch.task
    yield batch
  }
  if (task === null || !isOwed) return
  const gone = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => gone.resolve(), { once: true })
  while (!signal.aborted) {
    // Both before the look at the time line: what comes after it is seen in the next round.
    const isLast = !callbacks.isOpen(id)
    const { changed } = callbacks
    const more = await events(id, seen)
    if (more.length > 0) {
      seen = Math.max(...more.map(({ number }) => number))
      yield { events: more, task }
    }
    if (isLast) return
    await Promise.race([changed, gone.promise])
  }
}
