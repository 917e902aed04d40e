import type { Snapshot } from '../../../shared/snapshot.ts'
import type { TaskSummary } from '../../../shared/task.ts'

type Parts = Pick<Snapshot, 'running' | 'recent' | 'tasks_total'>

/**
 * The tasks that changed between two snapshots. A snapshot keeps the unfinished tasks and the last finished ones only,
 * so after a burst some may be missing: then `isWhole` is false.
 */
export function changedTasks(
  before: Parts | null,
  after: Parts | null,
): { tasks: readonly TaskSummary[]; isWhole: boolean } {
  if (!after || before === after) return { tasks: [], isWhole: true }
  if (!before) return { tasks: [...after.running, ...after.recent], isWhole: false }
  if (before.running === after.running && before.recent === after.recent) return { tasks: [], isWhole: true }
  const known = new Set<TaskSummary>([...before.running, ...before.recent])
  const tasks = [...after.running, ...after.recent].filter((task) => !known.has(task))
  const ids = new Set([...before.running, ...before.recent].map((task) => task.task_id))
  const came = tasks.filter((task) => !ids.has(task.task_id)).length
  const gone = before.running.filter((task) => !has(after.running, task) && !has(after.recent, task))
  return { tasks, isWhole: gone.length === 0 && came >= after.tasks_total - before.tasks_total }
}

function has(tasks: readonly TaskSummary[], task: TaskSummary): boolean {
  return tasks.some((other) => other.task_id === task.task_id)
}
