import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'
import { runIdSchema, serverIdSchema } from './ids.ts'

/** The steps of a start, in order. A remote server skips `spawn`. */
export const startSteps = ['resolve', 'spawn', 'first_byte', 'handshake', 'list'] as const
export const startStepSchema = z.enum(startSteps)
export type StartStep = z.infer<typeof startStepSchema>

/** The rungs of the stop ladder, in order; `leftover` ends a process of an earlier run. */
export const stopRungSchema = z.enum(['drain', 'stdin', 'sigterm', 'sigkill', 'leftover'])
export type StopRung = z.infer<typeof stopRungSchema>

/** What a server is, as proved by the protocol; what its owner wants is `wished`, kept apart. */
export const serverStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('stopped') }),
  z.object({ state: z.literal('asleep') }),
  z.object({ state: z.literal('starting'), step: startStepSchema }),
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('degraded'), failure: failureSchema }),
  z.object({ state: z.literal('unresponsive'), failure: failureSchema }),
  z.object({ state: z.literal('stopping'), rung: stopRungSchema }),
  z.object({
    state: z.literal('backing_off'),
    until: timeSchema,
    attempt: z.int().describe('The start that follows: 2 is the second try'),
    failure: failureSchema,
  }),
  z.object({ state: z.literal('crash_looping'), exits: z.int(), failure: failureSchema }),
  z.object({ state: z.literal('needs_secret'), names: z.array(z.string()), failure: failureSchema }),
  z.object({ state: z.literal('needs_sign_in'), failure: failureSchema }),
  z.object({ state: z.literal('needs_consent'), failure: failureSchema }),
  z.object({ state: z.literal('failed'), failure: failureSchema }),
])
export type ServerState = z.infer<typeof serverStateSchema>
export type StateName = ServerState['state']
export const stateNames = serverStateSchema.options.map((option) => option.shape.state.value) as StateName[]

export const transportSchema = z.enum(['stdio', 'http', 'sse'])
export type TransportKind = z.infer<typeof transportSchema>

export const eraSchema = z.enum(['legacy', 'modern'])
export type Era = z.infer<typeof eraSchema>

/** One step on the time line of a server's last start. */
export const stepTimingSchema = z.object({
  step: startStepSchema,
  status: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  started_at: timeSchema.nullable(),
  took_ms: z.number().nullable().describe('Milliseconds; null until the step ends'),
  detail: z.string().nullable().describe('What it found: the resolved command, the pid, the era, the number of tools'),
})
export type StepTiming = z.infer<typeof stepTimingSchema>

export const serverStartSchema = z.object({
  started_at: timeSchema,
  finished_at: timeSchema.nullable(),
  steps: z.array(stepTimingSchema),
})
export type ServerStart = z.infer<typeof serverStartSchema>

export const serverSchema = z.object({
  id: serverIdSchema,
  number: z.int().describe('Its place in the configuration, from 1; the same everywhere'),
  state: z.enum(stateNames),
  since: timeSchema.describe('When it came into this state'),
  reason: z.string().nullable().describe('One clause on why it is so; null when there is nothing to say'),
  detail: serverStateSchema,
  wished: z.boolean().describe('Whether its owner wants it on'),
  pid: z.int().nullable(),
  run_id: runIdSchema.nullable(),
  transport: transportSchema,
  era: eraSchema.nullable(),
  protocol_version: z.string().nullable(),
  implementation: z.object({ name: z.string(), version: z.string() }).nullable().describe('What the server says it is'),
  tools: z.int().nullable().describe('Number of tools last listed; null when never listed'),
  resources: z.int().nullable(),
  prompts: z.int().nullable(),
  restarts: z.int().describe('Starts that nobody asked for since the last start that somebody did'),
  last_call_at: timeSchema.nullable(),
  last_error: failureSchema.extend({ at: timeSchema }).nullable(),
  start: serverStartSchema.nullable().describe('The last start, step by step'),
  held_tools: z
    .array(z.string())
    .describe('Tools that are new or worded otherwise since they were agreed to; not served until approved'),
  client_processes: z.int().describe('Processes that belong to one client each, where the entry asks for that'),
  noise: z.int().describe('Lines of this run on stdout that were not protocol'),
})
export type Server = z.infer<typeof serverSchema>

/** One life of a local server's process, as stored. */
export const runSchema = z.object({
  id: runIdSchema,
  server: serverIdSchema,
  pid: z.int().nullable(),
  started_at: timeSchema,
  ready_at: timeSchema.nullable(),
  ended_at: timeSchema.nullable(),
  exit_code: z.int().nullable(),
  signal: z.string().nullable(),
  cause: z
    .string()
    .nullable()
    .describe('Why it ended: `stopped`, `exited`, `start_failed`, `memory`, `cpu`, `app_died` …'),
  stderr_tail: z.string().nullable(),
})
export type Run = z.infer<typeof runSchema>

/**
 * A tool as its server gave it. Unknown fields are kept, so this is a loose object; `input_schema` is not renamed:
 * the field is the protocol's own `inputSchema`.
 */
export const toolSchema = z.looseObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.looseObject({}).optional(),
  outputSchema: z.looseObject({}).optional(),
  annotations: z.looseObject({}).optional(),
})
export type Tool = z.infer<typeof toolSchema>

export const resourceSchema = z.looseObject({ uri: z.string(), name: z.string().optional() })
export const resourceTemplateSchema = z.looseObject({ uriTemplate: z.string(), name: z.string().optional() })
export const promptSchema = z.looseObject({ name: z.string() })
export type Resource = z.infer<typeof resourceSchema>
export type ResourceTemplate = z.infer<typeof resourceTemplateSchema>
export type Prompt = z.infer<typeof promptSchema>

/** How the process is really started, for the Config tab and for the doctor. */
export const effectiveLaunchSchema = z.object({
  command: z.string().describe('Absolute path once resolved'),
  args: z.array(z.string()),
  cwd: z.string(),
  path: z.array(z.string()).describe('The folders of PATH that the process gets'),
  env_names: z.array(z.string()).describe('Names only; values never leave the engine'),
})
export type EffectiveLaunch = z.infer<typeof effectiveLaunchSchema>

/** Folders that commands are looked for in, after those of the PATH that the program was started with. */
export const searchPathSchema = z.object({
  shell: z.string().nullable().describe('The login shell that was asked; null where none was'),
  folders: z.array(z.string()),
  problem: failureSchema.nullable().describe('Why the shell could not be asked'),
})
