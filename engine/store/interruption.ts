import type { TaskId } from '../../shared/ids.ts'
import { uuidV7 } from '../../shared/ids.ts'
import type { TaskEvent } from '../../shared/task.ts'
import { numberAfter } from './implied-events.ts'
import type { TaskPatch } from './store.ts'

interface OpenTask {
  id: string
  agent_name: string
  created_at: string
  sent: number
  last_number: number | null
}

/** What becomes of a task that was open when the app died. Pure but for the new event's id. */
export function interruption(task: OpenTask, at: string): { patch: TaskPatch; event: TaskEvent } {
  const wasSent = task.sent === 1
  const patch: TaskPatch = {
    status: 'interrupted',
    finished_at: at,
    error: {
      code: 'interrupted',
      message: wasSent
        ? `Signalbox ended while ${task.agent_name} was at work: the call had left for the server, its outcome is unknown`
        : `Signalbox ended before the call had left for ${task.agent_name}: the server never saw it`,
      hint: wasSent ? 'Look at the server for traces of it before you run it again.' : 'Run it again.',
      details: { sent: wasSent },
    },
  }
  const event: TaskEvent = {
    id: uuidV7(),
    task_id: task.id as TaskId,
    number: wasSent ? numberAfter(task.last_number, false) : (task.last_number ?? 0) + 1,
    at,
    offset_ms: Math.max(0, Date.parse(at) - Date.parse(task.created_at)),
    kind: 'status',
    data: { status: 'interrupted' },
  }
  return { patch, event }
}
