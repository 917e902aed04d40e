import type { TaskFilter } from '../../../shared/contract.ts'
import type { TaskId } from '../../../shared/ids.ts'
import type { TaskSummary } from '../../../shared/task.ts'

/** Tasks newest first, without gaps from the newest down to `next_before`. */
export interface TaskList {
  items: readonly TaskSummary[]
  next_before: string | null
}

/** The list with an older page put after it. */
export function withOlder(list: TaskList, page: { items: TaskSummary[]; next_before: string | null }): TaskList {
  const known = new Set(list.items.map((task) => task.task_id))
  return {
    items: [...list.items, ...page.items.filter((task) => !known.has(task.task_id))],
    next_before: page.next_before,
  }
}

/**
 * The list after a task changed: replaced in place, or put where its time belongs; a task that the filter no longer
 * lets through goes, unless it is the one that is open. The same list when nothing changed.
 */
export function withChanged(list: TaskList, task: TaskSummary, isShown: (task: TaskSummary) => boolean): TaskList {
  const index = list.items.findIndex((other) => other.task_id === task.task_id)
  if (index >= 0) {
    const items = isShown(task) ? list.items.with(index, task) : list.items.toSpliced(index, 1)
    return { ...list, items }
  }
  if (!isShown(task)) return list
  const place = list.items.findIndex((other) => other.task_id < task.task_id)
  if (place < 0 && list.next_before !== null) return list
  return { ...list, items: list.items.toSpliced(place < 0 ? list.items.length : place, 0, task) }
}

/**
 * Whether a summary passes the filter; `unknown` where the filter has a text that only the engine can look for, in
 * bodies that a summary does not carry.
 */
export function passes(task: TaskSummary, filter: TaskFilter): boolean | 'unknown' {
  if (filter.status && !filter.status.includes(task.status)) return false
  if (filter.agent && !filter.agent.includes(task.agent)) return false
  if (filter.action && !filter.action.includes(task.action)) return false
  if (filter.origin && !filter.origin.includes(task.origin)) return false
  if (filter.since && task.created_at < filter.since) return false
  if (filter.until && task.created_at > filter.until) return false
  if (!filter.q) return true
  return task.action.toLowerCase().includes(filter.q.toLowerCase()) ? true : 'unknown'
}

/** The task above or below in the list; null at its ends. */
export function neighbour(list: TaskList, id: TaskId | null, step: 1 | -1): TaskSummary | null {
  const index = list.items.findIndex((task) => task.task_id === id)
  if (index < 0) return list.items[step === 1 ? 0 : list.items.length - 1] ?? null
  return list.items[index + step] ?? null
}
