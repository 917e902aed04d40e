import type { Task } from '../../shared/task.ts'

/** More than this and the result is left out: whoever wants it asks for the task. */
const mostBytes = 1024 * 1024

/** What a callback says of a task that ended, in the form of Standard Webhooks: JSON of `type`, `timestamp` and `data`. */
export function callbackBody({ parameters: _, sent: __, timeout_ms: ___, progress: ____, ...task }: Task): string {
  const envelope = { type: eventOf(task.status), timestamp: task.finished_at }
  const body = JSON.stringify({ ...envelope, data: task })
  if (Buffer.byteLength(body) <= mostBytes) return body
  const { result: _____, ...rest } = task
  return JSON.stringify({ ...envelope, data: { ...rest, result_omitted: true } })
}

/** By the names of the events that rules and streams know. */
function eventOf(status: Task['status']): string {
  if (status === 'completed') return 'agent.task.completed'
  return status === 'cancelled' ? 'agent.task.cancelled' : 'agent.error'
}
