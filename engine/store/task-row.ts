import type { Insertable, Selectable, Updateable } from 'kysely'
import type { RunId, ServerId, TaskId } from '../../shared/ids.ts'
import type { Task, TaskEvent, TaskSummary } from '../../shared/task.ts'
import type { AgentTaskTable, TaskEventTable } from './schema.ts'
import type { NewTaskRow, TaskPatch } from './store.ts'

/** The columns of a summary: none of the bodies. */
export const summaryColumns = [
  'id',
  'agent_name',
  'action',
  'status',
  'origin',
  'parent_id',
  'rerun_of',
  'run_id',
  'created_at',
  'started_at',
  'finished_at',
  'duration_ms',
  'progress',
  'error_code',
] as const satisfies (keyof AgentTaskTable)[]

type SummaryRow = Pick<Selectable<AgentTaskTable>, (typeof summaryColumns)[number]>

export function toSummary(row: SummaryRow): TaskSummary {
  return {
    task_id: row.id as TaskId,
    status: row.status,
    agent: row.agent_name as ServerId,
    action: row.action,
    origin: row.origin,
    parent_id: row.parent_id as TaskId | null,
    rerun_of: row.rerun_of as TaskId | null,
    run_id: row.run_id as RunId | null,
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: row.finished_at,
    duration_ms: row.duration_ms,
    progress: row.progress === null ? null : JSON.parse(row.progress),
    error_code: row.error_code,
  }
}

export function toTask(row: Selectable<AgentTaskTable>): Task {
  return {
    ...toSummary(row),
    parameters: JSON.parse(row.input),
    ...(row.output === null ? {} : { result: JSON.parse(row.output) }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) }),
    timeout_ms: row.timeout_ms,
    sent: row.sent === 1,
  }
}

/** SQLite keeps UTF-8, in which half of a surrogate pair does not exist; JSON escapes it by itself. */
export function fromNewTask(task: NewTaskRow): Selectable<AgentTaskTable> {
  return {
    id: task.task_id,
    agent_name: task.agent.toWellFormed(),
    action: task.action.toWellFormed(),
    status: 'queued',
    origin: task.origin.toWellFormed(),
    parent_id: task.parent_id,
    rerun_of: task.rerun_of,
    run_id: null,
    created_at: task.created_at,
    started_at: null,
    finished_at: null,
    updated_at: task.created_at,
    duration_ms: null,
    timeout_ms: task.timeout_ms,
    sent: 0,
    error_code: null,
    progress: null,
    input: JSON.stringify(task.parameters),
    output: null,
    error: null,
  }
}

/** The columns that a patch changes; `undefined` stays out. */
export function fromPatch(patch: TaskPatch): Updateable<AgentTaskTable> {
  const { progress, result, error, sent, ...same } = patch
  return {
    ...same,
    ...(sent === undefined ? {} : { sent: sent ? 1 : 0 }),
    ...(progress === undefined ? {} : { progress: progress === null ? null : JSON.stringify(progress) }),
    ...(result === undefined ? {} : { output: JSON.stringify(result) }),
    ...(error === undefined ? {} : { error: JSON.stringify(error), error_code: error.code }),
  }
}

export function toEvent(row: Selectable<TaskEventTable>): TaskEvent {
  const { id, task_id, number, at, offset_ms, kind, data } = row
  return {
    id,
    task_id: task_id as TaskId,
    number,
    at,
    offset_ms,
    kind: kind as TaskEvent['kind'],
    data: JSON.parse(data),
  }
}

export function fromEvent(event: TaskEvent): Insertable<TaskEventTable> {
  return { ...event, data: JSON.stringify(event.data) }
}
