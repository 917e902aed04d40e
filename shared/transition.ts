import { z } from 'zod'
import { timeSchema } from './common.ts'
import { runIdSchema, serverIdSchema } from './ids.ts'
import { stateNames } from './server.ts'

/** Why a server came into a state, where no failure says it. */
export const transitionCauses = [
  'asked',
  'call',
  'restored',
  'configuration_changed',
  'source_changed',
  'secret_added',
  'signed_in',
  'approved',
  'retry',
  'progress',
  'answered',
  'recovered',
  'idle',
  'removed',
  'quit',
  'program_restarted',
  'app_died',
] as const
export type TransitionCause = (typeof transitionCauses)[number]

/** One step of a server from a state to the next, as stored: with this the account of what it did has no gap. */
export const transitionSchema = z.object({
  id: z.uuid(),
  server: serverIdSchema,
  at: timeSchema,
  monotonic_ms: z.number().describe('Milliseconds since the program began, by a clock that is never set'),
  start: z.int().describe('Number of the start that it belongs to; rises with each, also over restarts of the program'),
  from: z.enum(stateNames),
  to: z.enum(stateNames),
  phase: z.string().nullable().describe('The step of a start or the rung of a stop that it came to'),
  cause: z.string().describe(`Code of the failure, or one of ${transitionCauses.join(', ')}`),
  message: z.string().nullable().describe('What the failure says to a person'),
  run_id: runIdSchema.nullable(),
  pid: z.int().nullable().describe('Its process before, or else after'),
  exit_code: z.int().nullable().describe('Of the process that ended just before'),
  signal: z.string().nullable(),
  stderr_tail: z.string().nullable().describe('Its last lines on stderr'),
})
export type Transition = z.infer<typeof transitionSchema>
