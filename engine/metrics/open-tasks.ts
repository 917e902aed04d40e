import { isFinished, type TaskStatus, type TaskSummary } from '../../shared/task.ts'
import { isOfGateway } from './gateway-origin.ts'

type OpenStatus = Extract<TaskStatus, 'queued' | 'running' | 'input_required'>

export interface OpenTasks {
  readonly byStatus: Readonly<Record<OpenStatus, number>>
  /** Of all these, those that MCP clients wait for. */
  readonly ofGateway: number
}

export function openTasks(tasks: readonly TaskSummary[]): OpenTasks {
  const byStatus: Record<OpenStatus, number> = { queued: 0, running: 0, input_required: 0 }
  let ofGateway = 0
  for (const { status, origin } of tasks) {
    if (isFinished(status)) continue
    byStatus[status as OpenStatus] += 1
    if (isOfGateway(origin)) ofGateway += 1
  }
  return { byStatus, ofGateway }
}
