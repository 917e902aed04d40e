import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import { isoNow } from '../../shared/iso-now.ts'
import type { NewTask, Task, TaskSummary } from '../../shared/task.ts'
import type { TraceContext } from '../metrics/trace-context.ts'

/** Who asks for a task, and what it descends from. */
export interface Provenance {
  origin: string
  /** Where whoever asks has one ready. */
  task_id?: TaskId
  parent_id?: TaskId
  rerun_of?: TaskId
  /** The place in a trace of whoever asks. */
  trace?: TraceContext | undefined
}

/** `begun`: it leaves at once, in this run of its server. */
export function newSummary(
  { agent, action }: Pick<NewTask, 'agent' | 'action'>,
  { origin, task_id, parent_id, rerun_of }: Provenance,
  begun: Pick<TaskSummary, 'run_id'> | null = null,
): TaskSummary {
  const created_at = isoNow()
  return {
    task_id: task_id ?? (uuidV7() as TaskId),
    status: begun === null ? 'queued' : 'running',
    agent,
    action,
    origin,
    parent_id: parent_id ?? null,
    rerun_of: rerun_of ?? null,
    run_id: begun?.run_id ?? null,
    created_at,
    started_at: begun === null ? null : created_at,
    finished_at: null,
    duration_ms: null,
    progress: null,
    error_code: null,
  }
}

export function summaryOf({
  parameters: _,
  result: __,
  error: ___,
  timeout_ms: ____,
  sent: _____,
  ...summary
}: Task): TaskSummary {
  return summary
}
