import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { TaskError, TaskEvent } from '../../shared/task.ts'
import { numberAfter } from './implied-events.ts'
import type { TaskPatch } from './store.ts'

interface OpenTask {
  id: string
  agent_name: string
  action: string
  origin: string
  created_at: string
  sent: number
  last_number: number | null
}

/** What becomes of a task that was open when the app died. Pure but for the new event's id. */
export function interruption(task: OpenTask, at: string): { patch: TaskPatch; event: TaskEvent } {
  const patch: TaskPatch = { status: 'interrupted', finished_at: at, error: errorOf(task) }
  const event: TaskEvent = {
    id: uuidV7(),
    task_id: task.id as TaskId,
    number: task.sent === 1 ? numberAfter(task.last_number, false) : (task.last_number ?? 0) + 1,
    at,
    offset_ms: Math.max(0, Date.parse(at) - Date.parse(task.created_at)),
    kind: 'status',
    data: { status: 'interrupted' },
  }
  return { patch, event }
}

function errorOf({ agent_name, action, origin, sent }: OpenTask): TaskError {
  const code = 'interrupted'
  const wasSent = sent === 1
  // Work of our own, a rule's, has no server: it is its own agent.
  if (agent_name === origin) return { code, ...ownWords(agent_name, action), details: { sent: wasSent } }
  return {
    code,
    message: wasSent
      ? `Signalbox ended while ${agent_name} was at work: the call had left for the server, its outcome is unknown`
      : `Signalbox ended before the call had left for ${agent_name}: the server never saw it`,
    hint: wasSent ? 'Look at the server for traces of it before you run it again.' : 'Run it again.',
    details: { sent: wasSent },
  }
}

function ownWords(who: string, action: string): Pick<TaskError, 'message' | 'hint'> {
  switch (action) {
    case 'run':
      return {
        message: `Signalbox ended while this run of ${who} was under way: no later step was done`,
        hint: 'Look at its steps for what was done; it is not repeated by itself.',
      }
    case 'approval':
      return {
        message: `Signalbox ended while ${who} waited for an answer of a person: nobody gave one, and nothing was approved`,
        hint: 'Fire the rule again: it asks anew.',
      }
    default:
      return {
        message: `Signalbox ended while the ${action} step of ${who} was at work: whether it was done is unknown`,
        hint: 'Look for traces of it before you fire the rule again.',
      }
  }
}
