import { z } from 'zod'
import { timeSchema } from './common.ts'
import { serverIdSchema, taskIdSchema } from './ids.ts'
import { callPatternSchema } from './limits.ts'

/** What a tool says of itself, as far as rules ask for it; what it does not say counts as MCP tells. */
export const toolHints = ['destructive', 'writes', 'open_world', 'any'] as const
export type ToolHint = (typeof toolHints)[number]

/** Which calls ask a person first. */
export const approvalRuleSchema = callPatternSchema.extend({
  id: z.uuid(),
  name: z.string().trim().min(1).max(80),
  is_on: z.boolean().default(true),
  hint: z
    .enum(toolHints)
    .default('any')
    .describe(
      'destructive: may destroy, as it says or as MCP takes it to be; writes: not read-only; open_world: reaches beyond',
    ),
  timeout_s: z.int().min(5).max(86_400).default(300).describe('Nobody answered for so long: the call is cancelled'),
})
export type ApprovalRule = z.infer<typeof approvalRuleSchema>

export const rememberSchema = z.enum(['once', 'session', 'always']).describe('session: until Signalbox ends')
/** For whom an answer is remembered. */
export const approvalScopeSchema = z.enum(['tool_and_client', 'tool']).describe('tool: of every client')
export const verdictSchema = z.enum(['allow', 'deny'])
export type Remember = z.infer<typeof rememberSchema>
export type ApprovalScope = z.infer<typeof approvalScopeSchema>
export type Verdict = z.infer<typeof verdictSchema>

/** A call that waits for a person, without its arguments. */
export const heldCallSchema = z.object({
  id: taskIdSchema.describe('Of its task'),
  server: serverIdSchema,
  tool: z.string(),
  title: z.string().nullable().describe('What the tool calls itself for people'),
  origin: z.string().describe('Who calls: `client:Cursor`, `owner` …'),
  rule: z.string().describe('The name of the rule that holds it'),
  hints: z.object({
    read_only: z.boolean().nullable(),
    destructive: z.boolean().nullable(),
    idempotent: z.boolean().nullable(),
    open_world: z.boolean().nullable(),
  }),
  since: timeSchema,
  until: timeSchema.describe('When it is given up'),
})
export type HeldCall = z.infer<typeof heldCallSchema>

/** One answer of a person; also what is remembered of it. */
export const decisionSchema = z.object({
  id: z.uuid(),
  task_id: taskIdSchema,
  server: serverIdSchema,
  tool: z.string(),
  origin: z.string(),
  rule: z.string(),
  verdict: verdictSchema,
  remember: rememberSchema,
  scope: approvalScopeSchema,
  by: z.string().describe('Who answered: `page`, `terminal`, `api`'),
  at: timeSchema,
  revoked_at: timeSchema.nullable(),
})
export type Decision = z.infer<typeof decisionSchema>
