import { oc } from '@orpc/contract'
import { z } from 'zod'
import { timeSchema } from './common.ts'
import { hunkSchema } from './connect-contract.ts'
import { serverIdSchema } from './ids.ts'

/** What is looked at of the home, in this order. */
export const homeChecks = [
  'home',
  'disk_space',
  'clock',
  'program',
  'gateway_port',
  'config',
  'token',
  'vault',
  'store',
  'log_store',
  'search_path',
  'client_files',
] as const

/** What is looked at of each server, in this order. */
export const serverChecks = [
  'entry',
  'variables',
  'secrets',
  'working_folder',
  'runtime',
  'command',
  'files',
  'port',
  'consent',
  'address',
  'sign_in',
  'spawn',
  'stdout',
  'handshake',
  'era',
  'tools',
  'schemas',
  'exposure',
] as const

export const checkNameSchema = z.enum([...homeChecks, ...serverChecks])
export type CheckName = z.infer<typeof checkNameSchema>

/** One thing that a fix would change: a part of a file, line by line, or a step in words. */
const fixChangeSchema = z.object({
  what: z.string().describe('`Set args[1] to 40123`, `Make the folder`'),
  path: z.string().nullable().describe('The file or folder that changes; null where it is none'),
  hunks: z.array(hunkSchema).describe('What changes in a text; empty where it is no edit'),
})
export type FixChange = z.infer<typeof fixChangeSchema>

export const doctorFixSchema = z.object({
  id: z.string().describe('Names exactly this fix, as it is shown here; good until the next examination but one'),
  title: z.string().describe('As an imperative: `Make the folder /srv/notes`'),
  changes: z.array(fixChangeSchema),
  asks_for: z
    .object({ name: z.string(), label: z.string() })
    .nullable()
    .describe('A value that only a person knows; it goes into the vault'),
})
export type DoctorFix = z.infer<typeof doctorFixSchema>

const checkStatusSchema = z.enum(['ok', 'warning', 'problem', 'skipped'])

/** One verdict. A check that finds several things has one for each. */
export const checkResultSchema = z.object({
  check: checkNameSchema,
  server: serverIdSchema.nullable().describe('null for what concerns the whole home'),
  status: checkStatusSchema,
  code: z.string().nullable().describe('Stable, see docs/errors.md; null where nothing is wrong'),
  message: z.string().describe('What was found, or why it was not looked at'),
  hint: z.string().nullable(),
  evidence: z.array(z.string()).describe('What was seen, line by line'),
  because: checkNameSchema.nullable().describe('Of `skipped`: the earlier check that makes this one moot'),
  fix: doctorFixSchema.nullable(),
})
export type CheckResult = z.infer<typeof checkResultSchema>

/** The four answers in short: of the server that was asked for, else of the program and all servers together. */
const shortAnswersSchema = z.object({
  server_running: z.boolean().describe('Whether it runs now'),
  port_open: z.boolean().nullable().describe('Whether its port or address answers now; null where it has none'),
  permissions: z.boolean().describe('Whether nothing stands in the way of reading, writing and running what it needs'),
  environment: z.boolean().describe('Whether its variables, secrets and runtime are all there'),
})
export type ShortAnswers = z.infer<typeof shortAnswersSchema>

export const doctorReportSchema = shortAnswersSchema.extend({
  at: timeSchema,
  version: z.string(),
  home: z.string(),
  server: serverIdSchema.nullable().describe('The one that was asked for; null: all'),
  first: z.string().nullable().describe('Code of the first problem, else of the first warning: begin there'),
  problems: z.int(),
  warnings: z.int(),
  checks: z.array(checkResultSchema).describe('In their order; those of the home first'),
})
export type DoctorReport = z.infer<typeof doctorReportSchema>

export const examineRequestSchema = z.object({
  server: serverIdSchema.optional().describe('All of them unless given'),
  run: z
    .boolean()
    .default(false)
    .describe('Also start, for a moment, what nobody has agreed to run yet: asking for it is no lasting agreement'),
})
export type ExamineRequest = z.infer<typeof examineRequestSchema>

export const doctorContract = {
  doctor: {
    examine: oc
      .route({
        method: 'POST',
        path: '/doctor',
        summary: 'Look for what is wrong; servers that do not run are started for a moment, nothing is changed',
      })
      .input(examineRequestSchema)
      .output(doctorReportSchema),
    fix: oc
      .route({ method: 'POST', path: '/doctor/fixes', summary: 'Apply a fix that an examination has shown' })
      .input(
        z.object({
          fix: z.string().max(100),
          value: z.string().min(1).max(65_536).optional().describe('What the fix asks for'),
        }),
      )
      .output(z.object({ done: z.string().describe('What was changed, as a sentence') })),
  },
}
