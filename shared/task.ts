import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'
import { runIdSchema, serverIdSchema, taskIdSchema } from './ids.ts'

export const taskStatuses = [
  'queued',
  'running',
  'input_required',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'interrupted',
] as const
export const taskStatusSchema = z.enum(taskStatuses)
export type TaskStatus = z.infer<typeof taskStatusSchema>

const open: ReadonlySet<TaskStatus> = new Set(['queued', 'running', 'input_required'])
export const isFinished = (status: TaskStatus): boolean => !open.has(status)

/**
 * Who asked: `page`, `terminal`, `api`; later `client:<name>` and `rule:<name>`.
 * A plain string, so that a filter is an equality.
 */
export const originSchema = z.string().min(1).max(200)

export const progressSchema = z.object({
  progress: z.number(),
  total: z.number().nullable(),
  message: z.string().nullable(),
})
export type Progress = z.infer<typeof progressSchema>

/** A task without its bodies: what lists and live changes carry. */
export const taskSummarySchema = z.object({
  task_id: taskIdSchema,
  status: taskStatusSchema,
  agent: serverIdSchema.describe('The server'),
  action: z.string().describe('The tool'),
  origin: originSchema,
  parent_id: taskIdSchema.nullable(),
  rerun_of: taskIdSchema.nullable(),
  run_id: runIdSchema.nullable().describe("The server's run that served it"),
  created_at: timeSchema,
  started_at: timeSchema.nullable().describe('When the call was handed to the server'),
  finished_at: timeSchema.nullable(),
  duration_ms: z.number().nullable().describe('From creation to the end, by the monotonic clock'),
  progress: progressSchema.nullable(),
  error_code: z.string().nullable(),
})
export type TaskSummary = z.infer<typeof taskSummarySchema>

export const taskErrorSchema = failureSchema.extend({
  details: z.unknown().optional().describe('Facts for programs: schema violations, the JSON-RPC error, exit code'),
  raw: z.string().optional().describe('The raw text of a malformed answer, cut at 64 KiB'),
})
export type TaskError = z.infer<typeof taskErrorSchema>

export const taskSchema = taskSummarySchema.extend({
  parameters: z.record(z.string(), z.unknown()),
  result: z.unknown().optional().describe('The MCP result, whole; present when the tool answered'),
  error: taskErrorSchema.optional(),
  timeout_ms: z.int().describe('Milliseconds without an answer or progress until it is timed out'),
  sent: z.boolean().describe('Whether the call had left for the server'),
})
export type Task = z.infer<typeof taskSchema>

/**
 * One entry on a task's time line.
 * `status`: `{status}`; `sent`: `{request_id}`; `progress`: a Progress; `log`: `{level, text}` of an MCP log message;
 * `late_answer`: `{after_ms}`; `cancel_requested`: `{by}`; `child_question`: `{method, params, answer?}`;
 * `outbound`: an OutboundDecision, of its callback or of a call to a service outside;
 * `limit`: `{kind, …}`: what a limit made of it; `approval`: `{rule}` when it asks, `{verdict, by, at, remembered}` when answered;
 * `step`: `{name, kind, status, task_id, failure}` of a rule's run, once that step ended.
 */
export const taskEventSchema = z.object({
  id: z.uuid(),
  task_id: taskIdSchema,
  number: z.int().describe('Rises by one within the task, from 1'),
  at: timeSchema,
  offset_ms: z.number().describe("Milliseconds since the task's creation, by the monotonic clock"),
  kind: z.enum([
    'status',
    'sent',
    'progress',
    'log',
    'late_answer',
    'cancel_requested',
    'child_question',
    'limit',
    'approval',
    'outbound',
    'step',
  ]),
  data: z.record(z.string(), z.unknown()),
})
export type TaskEvent = z.infer<typeof taskEventSchema>

export const newTaskSchema = z.strictObject({
  agent: serverIdSchema,
  action: z.string().min(1).max(500),
  parameters: z.record(z.string(), z.unknown()).default({}),
  timeout_ms: z
    .int()
    .min(1)
    .max(24 * 3600 * 1000)
    .optional(),
})
export type NewTask = z.infer<typeof newTaskSchema>

/** What is asked for through the API: a task, and how its end is told. */
export const taskRequestSchema = newTaskSchema.extend({
  agent: serverIdSchema.describe('The server: its id, or the slug that its tools are served under'),
  callback_url: z.string().min(1).max(2048).nullish().describe('Told, signed, when the task ends'),
  idempotency_key: z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'must be printable ASCII')
    .optional()
    .describe('As the header `Idempotency-Key`: the same request with the same key makes one task'),
})
export type TaskRequest = z.infer<typeof taskRequestSchema>
