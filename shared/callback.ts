import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'
import { taskIdSchema } from './ids.ts'

export const callbackStates = ['waiting', 'due', 'delivered', 'refused', 'gave_up'] as const

/** What became of the callback that was asked for with a task. Its address is told without what may be secret in it. */
export const callbackSchema = z.object({
  id: z.uuid().describe('`webhook-id` of every attempt: the same one means the same delivery'),
  task_id: taskIdSchema,
  host: z.string(),
  state: z
    .enum(callbackStates)
    .describe(
      '`waiting` for the task, `due` (again) at `next_at`; the others are ends, which a redelivery begins anew',
    ),
  attempts: z.int(),
  next_at: timeSchema.nullable(),
  last_status: z.int().nullable().describe('HTTP status of the last answer'),
  last_error: failureSchema.nullable(),
  created_at: timeSchema,
  ended_at: timeSchema.nullable(),
})
export type Callback = z.infer<typeof callbackSchema>
