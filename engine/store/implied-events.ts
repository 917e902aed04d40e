import type { TaskId } from '../../shared/ids.ts'
import { isFinished, type TaskEvent, type TaskStatus } from '../../shared/task.ts'

/** What of a task's row says when it began and how it ended. */
interface ToldByRow {
  readonly id: TaskId
  readonly status: TaskStatus
  readonly created_at: string
  readonly started_at: string | null
  readonly finished_at: string | null
  readonly duration_ms: number | null
}

/** A call that leaves at once is running from its first entry on, and mostly has one more. */
const first = 1
const second = 2

/**
 * The entries of a time line that nobody wrote down, since the row of the task says all of them: that a call ran from its creation, and how
 * it ended where nothing came in between. Most calls are these two, which cost more to keep than the row. `stored`: all of the
 * task's entries after `after`.
 */
export function impliedEvents(row: ToldByRow, stored: readonly TaskEvent[], after: number): TaskEvent[] {
  const isMissing = (number: number): boolean => number > after && !stored.some((event) => event.number === number)
  const isTold = stored.some(({ kind, data }) => kind === 'status' && data.status === row.status)
  const implied: TaskEvent[] = []
  if (row.started_at !== row.created_at) return implied
  if (isMissing(first)) implied.push(statusEvent(row.id, first, 'running', row.created_at, 0))
  if (isMissing(second) && isFinished(row.status) && !isTold && row.finished_at !== null) {
    implied.push(statusEvent(row.id, second, row.status, row.finished_at, row.duration_ms ?? 0))
  }
  return implied
}

/** Whether the row of its task says it: then it need not be kept. */
export function isImplied({ number }: TaskEvent): boolean {
  return number <= second
}

/** The number of the next entry of a call that has left. `lastStored`: null where none is. */
export function numberAfter(lastStored: number | null, isOver: boolean): number {
  return Math.max(lastStored ?? 0, isOver ? second : first) + 1
}

/** An entry about a status, the same whether it was told live or is read from the row. */
export function statusEvent(
  task_id: TaskId,
  number: number,
  status: TaskStatus,
  at: string,
  offset_ms: number,
): TaskEvent {
  return { id: eventIdOf(task_id, number), task_id, number, at, offset_ms, kind: 'status', data: { status } }
}

/** A UUID version 8 (RFC 9562) that nothing else has: the task's own, told apart by its version and its last digit. */
function eventIdOf(id: TaskId, number: number): string {
  const last = Number.parseInt(id[35]!, 16) ^ (number & 0xf)
  return `${id.slice(0, 14)}8${id.slice(15, 35)}${last.toString(16)}`
}
