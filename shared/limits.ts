import { z } from 'zod'
import { timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

const day = 24 * 3600
/** `*`, or exactly that. */
const patternSchema = z.string().min(1).max(500).default('*')

/** Who, where and what a limit or a rule is about; each is `*` or exactly one. */
export const callPatternSchema = z.object({
  client: patternSchema.describe('An origin of tasks: `client:Cursor`, `owner`, `api`, `page`, `rule:triage` …'),
  server: patternSchema,
  tool: patternSchema.describe('As its server calls it'),
})
export type CallPattern = z.infer<typeof callPatternSchema>

/** A call, as patterns see it. */
export interface CallNames {
  readonly origin: string
  readonly agent: string
  readonly action: string
}

export function matchesCall({ client, server, tool }: CallPattern, { origin, agent, action }: CallNames): boolean {
  return (
    (client === '*' || client === origin) && (server === '*' || server === agent) && (tool === '*' || tool === action)
  )
}

/**
 * What holds for the calls that it matches. `concurrency` and `rate` count all of these calls together, and a call keeps to
 * those of every limit that matches it; of the rest the most exact limit that says something decides.
 */
export const limitSchema = callPatternSchema.extend({
  id: z.uuid(),
  concurrency: z
    .strictObject({
      max: z.int().min(1).max(10_000).describe('Calls at the server at one time'),
      queue: z.int().min(0).max(100_000).default(100).describe('Calls that wait for their turn; more are refused'),
    })
    .nullable()
    .default(null),
  rate: z
    .strictObject({
      calls: z.int().min(1).max(1_000_000),
      per_s: z.int().min(1).max(day),
      wait_s: z.int().min(0).max(3600).default(0).describe('A call waits up to so long for its turn'),
    })
    .nullable()
    .default(null)
    .describe('A bucket of `calls` tokens that fills up in `per_s` seconds'),
  timeout_s: z.int().min(1).max(day).nullable().default(null).describe('Seconds without an answer or progress'),
  total_s: z.int().min(1).max(day).nullable().default(null).describe('Seconds in all'),
  retries: z
    .strictObject({
      most: z.int().min(0).max(10),
      first_delay_ms: z.int().min(1).max(60_000).default(500),
      longest_delay_ms: z.int().min(1).max(600_000).default(30_000),
    })
    .nullable()
    .default(null)
    .describe('Only for tools that call themselves read-only or idempotent'),
  circuit: z
    .strictObject({
      failures: z.int().min(1).max(1000).describe('Failures of the connection in a row that open it'),
      open_s: z.int().min(1).max(day).default(30).describe('Until a call may try again'),
    })
    .nullable()
    .default(null)
    .describe('Kept for each server, whatever its tool or client'),
  result: z
    .strictObject({
      most_bytes: z
        .int()
        .min(1024)
        .max(1024 ** 3),
      preview_bytes: z.int().min(0).max(65_536).default(2048),
    })
    .nullable()
    .default(null)
    .describe('A larger result is kept here, and replaced by its beginning and a link'),
})
export type Limit = z.infer<typeof limitSchema>

export const circuitSchema = z.object({
  server: serverIdSchema,
  state: z.enum(['open', 'half_open']),
  until: timeSchema.nullable().describe('When a call may try again'),
  reason: z.string(),
})
export type CircuitStatus = z.infer<typeof circuitSchema>

/** How exact a pattern is: a tool outweighs a server, a server a client. */
export function exactness({ client, server, tool }: CallPattern): number {
  return (tool === '*' ? 0 : 4) + (server === '*' ? 0 : 2) + (client === '*' ? 0 : 1)
}
