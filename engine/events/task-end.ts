import type { DomainEventName, DomainEventOf } from '../../shared/domain-event.ts'
import type { TaskStatus, TaskSummary } from '../../shared/task.ts'

/** The events that tell how a call ended. */
export const endNames = [
  'agent.task.completed',
  'agent.task.cancelled',
  'agent.error',
] as const satisfies DomainEventName[]
type EndName = (typeof endNames)[number]
export type TaskEnd = DomainEventOf<EndName>

/** The name of the event that tells of a task as it is now; null while it is open, and of what rules do by themselves: that is told as their run. */
export function endNameOf({ status, agent }: Pick<TaskSummary, 'status' | 'agent'>): EndName | null {
  return agent.startsWith('rule:') ? null : names[status]
}

/** That event; null where there is none. The same end is the same event, in whatever life of the program it is told. */
export function taskEnd(task: TaskSummary): TaskEnd | null {
  const name = endNameOf(task)
  const { progress: _, rerun_of: __, started_at: ___, ...payload } = task
  if (name === null || payload.finished_at === null) return null
  const at = payload.finished_at
  return { id: idOf(task.task_id, at), at, name, version: 1, payload } as TaskEnd
}

/** A UUID version 7: the time of the end, with the chance that is in the id of its task. */
function idOf(taskId: string, at: string): string {
  const time = Date.parse(at).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}${taskId.slice(13)}`
}

const names = {
  queued: null,
  running: null,
  input_required: null,
  completed: 'agent.task.completed',
  cancelled: 'agent.task.cancelled',
  failed: 'agent.error',
  timed_out: 'agent.error',
  interrupted: 'agent.error',
} as const satisfies Record<TaskStatus, EndName | null>
