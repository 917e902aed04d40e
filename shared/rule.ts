import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'
import { type DomainEventName, domainEventNames, domainEventSchema } from './domain-event.ts'
import { serverIdSchema, taskIdSchema } from './ids.ts'

const day = 24 * 3600

export const ruleIdSchema = z.uuid().brand<'RuleId'>()
export type RuleId = z.infer<typeof ruleIdSchema>

/** Stands on its tasks as `rule:<name>`; a comma would split it in a filter. */
export const ruleNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(80)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f,]+$/, 'must not hold commas or control characters')

/** An expression in CEL, the Common Expression Language, over `event`, `steps`, `rule` and `run`. */
const expressionSchema = z.string().min(1).max(2_000)
/** A text with `${…}` around CEL expressions; one that is a single `${…}` has the value itself and its type. */
const templateSchema = z.string().max(20_000)

const databaseEvents = z.enum(['db.record.created', 'db.alert.triggered'])

export const triggerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('event'), events: z.array(z.enum(domainEventNames)).min(1).max(30) }),
  z.strictObject({
    kind: z.literal('schedule'),
    cron: z.string().min(1).max(200).describe('Five fields, or six with seconds first'),
    time_zone: z.string().max(100).nullable().default(null).describe('`Europe/Berlin` …; null: that of this machine'),
    missed: z
      .enum(['skip', 'once'])
      .default('skip')
      .describe('What becomes of times that passed while Signalbox was off or asleep: nothing, or one run for all'),
  }),
  z.strictObject({
    kind: z.literal('github'),
    events: z
      .array(
        z.enum([
          'github.issue.created',
          'github.issue.updated',
          'github.pr.created',
          'github.pr.updated',
          'github.event.received',
        ]),
      )
      .min(1),
    repositories: z.array(z.string().min(1).max(200)).max(100).default([]).describe('`owner/name`; none: all of them'),
  }),
  z.strictObject({ kind: z.literal('webhook'), hook: z.string().min(1).max(80).describe('Name of a signed webhook') }),
  z.strictObject({
    kind: z.literal('file'),
    path: z.string().min(1).max(4_096).describe('Absolute; a file, a folder, or a pattern with `*`, `**` and `?`'),
    changes: z
      .array(z.enum(['created', 'changed', 'removed']))
      .min(1)
      .default(['created', 'changed', 'removed']),
    debounce_ms: z
      .int()
      .min(10)
      .max(60_000)
      .default(300)
      .describe('A file that keeps changing is one event after it rests so long'),
  }),
  z.strictObject({
    kind: z.literal('sqlite'),
    file: z.string().min(1).max(4_096).describe('Absolute path; opened for reading only'),
    query: z.string().min(1).max(10_000).describe('One SELECT'),
    every_s: z.number().min(0.2).max(day).default(5),
    key: z.string().max(200).nullable().default(null).describe('Column that names a row; null: the whole row does'),
    emits: databaseEvents
      .default('db.record.created')
      .describe(
        'db.record.created: once a new row; db.alert.triggered: once when there are rows after there were none',
      ),
  }),
  z.strictObject({
    kind: z.literal('postgres'),
    connection: z.string().min(1).max(2_000).describe('`postgres://user:${secret:NAME}@host/database`'),
    channel: z.string().min(1).max(63).describe('The name in NOTIFY'),
    emits: databaseEvents.default('db.record.created'),
  }),
])
export type RuleTrigger = z.infer<typeof triggerSchema>
export type TriggerOf<K extends RuleTrigger['kind']> = Extract<RuleTrigger, { kind: K }>

const stepBase = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'is lower case letters, digits and _, a letter first')
    .describe('Later steps find what it came to under `steps.<name>`'),
  condition: expressionSchema.nullable().default(null).describe('Skipped where it is not true'),
  timeout_s: z.int().min(1).max(day).nullable().default(null),
  on_failure: z.enum(['stop', 'continue']).default('stop'),
}

export const stepSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...stepBase,
    kind: z.literal('tool'),
    server: serverIdSchema,
    tool: z.string().min(1).max(500),
    arguments: z.record(z.string(), z.unknown()).default({}).describe('Texts in it may hold templates'),
  }),
  z.strictObject({
    ...stepBase,
    kind: z.literal('http'),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    url: templateSchema.min(1).describe('Values are percent-encoded; `${secret:NAME}` is filled in as it is sent'),
    headers: z.record(z.string(), templateSchema).default({}),
    body: z.unknown().default(null).describe('Sent as JSON; a text is sent as it is; null: none'),
  }),
  z.strictObject({
    ...stepBase,
    kind: z.literal('notify'),
    title: templateSchema.min(1),
    message: templateSchema,
    severity: z.enum(['info', 'caution', 'danger']).default('info'),
  }),
  z.strictObject({
    ...stepBase,
    kind: z.literal('approval'),
    message: templateSchema.min(1).describe('What a person is asked'),
  }),
])
export type RuleStep = z.infer<typeof stepSchema>
export type StepOf<K extends RuleStep['kind']> = Extract<RuleStep, { kind: K }>

export const ruleLimitsSchema = z.strictObject({
  rate: z
    .strictObject({ runs: z.int().min(1).max(100_000), per_s: z.int().min(1).max(day) })
    .default({ runs: 60, per_s: 60 })
    .describe('A bucket of `runs` tokens that fills up in `per_s` seconds; what comes beyond is refused'),
  concurrency: z.int().min(1).max(100).default(1).describe('Runs at one time'),
  queue: z.int().min(0).max(10_000).default(100).describe('Events that wait for their run; more are refused'),
  timeout_s: z
    .int()
    .min(1)
    .max(7 * day)
    .default(3_600)
    .describe('Of a whole run, its waits for people included'),
  tools: z
    .array(z.strictObject({ server: serverIdSchema, tool: z.string().min(1).max(500) }))
    .max(200)
    .nullable()
    .default(null)
    .describe('What it may call, `*` for every tool of a server; null: what its steps name'),
  hosts: z
    .array(z.string().min(1).max(255))
    .max(100)
    .nullable()
    .default(null)
    .describe('Whom its HTTP steps may call; null: the hosts that their URLs name in plain text'),
})
export type RuleLimits = z.infer<typeof ruleLimitsSchema>

/** A rule as a person writes it. */
export const newRuleSchema = z.strictObject({
  name: ruleNameSchema,
  description: z.string().max(2_000).default(''),
  enabled: z.boolean().default(false),
  trigger: triggerSchema,
  conditions: z.array(expressionSchema).max(20).default([]).describe('All must be true for a run'),
  steps: z.array(stepSchema).min(1).max(50),
  on_failure: z.array(stepSchema).max(20).default([]).describe('Run after a step failed; find it under `failure`'),
  limits: ruleLimitsSchema.default(() => ruleLimitsSchema.parse({})),
})
export type NewRule = z.infer<typeof newRuleSchema>

export const ruleSchema = newRuleSchema.extend({
  id: ruleIdSchema,
  created_at: timeSchema,
  changed_at: timeSchema,
})
export type Rule = z.infer<typeof ruleSchema>

/** Where in a rule something is wrong. */
export const ruleProblemSchema = z.object({
  path: z.string().describe('JSON pointer into the rule: `/steps/0/arguments/title`'),
  severity: z.enum(['error', 'warning']).describe('An error keeps it from being saved'),
  message: z.string(),
  column: z.int().nullable().describe('In the text at that place, from 1'),
})
export type RuleProblem = z.infer<typeof ruleProblemSchema>

export const runStatuses = [
  'queued',
  'running',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'interrupted',
  'refused',
] as const

export const stepOutcomeSchema = z.object({
  name: z.string(),
  kind: z.enum(['tool', 'http', 'notify', 'approval']),
  status: z.enum(['completed', 'failed', 'cancelled', 'timed_out', 'skipped']),
  task_id: taskIdSchema.nullable().describe('Of its child task; null when it was skipped'),
  failure: failureSchema.nullable(),
})
export type StepOutcome = z.infer<typeof stepOutcomeSchema>

/** One event that met a rule's conditions, and what came of it. */
export const ruleRunSchema = z.object({
  id: taskIdSchema.describe('Also the id of its parent task, unless it was refused'),
  rule: ruleIdSchema,
  rule_name: z.string(),
  event_id: z.uuid(),
  event_name: z.enum(domainEventNames),
  is_sample: z.boolean(),
  depth: z.int().describe('Runs of rules that led to it, one after the other; 0: none'),
  status: z.enum(runStatuses).describe('refused: a limit kept it back'),
  failure: failureSchema.nullable(),
  created_at: timeSchema,
  finished_at: timeSchema.nullable(),
  steps: z.array(stepOutcomeSchema).describe('Those that it came to, in their order'),
})
export type RuleRun = z.infer<typeof ruleRunSchema>
export const wholeRuleRunSchema = ruleRunSchema.extend({ event: domainEventSchema.describe('Secrets masked') })
export type WholeRuleRun = z.infer<typeof wholeRuleRunSchema>

/** An event as a person writes it to try a rule. */
export const sampleEventSchema = z.strictObject({
  name: z.enum(domainEventNames),
  payload: z.record(z.string(), z.unknown()).describe('As the payload of that event; what it leaves out is filled in'),
})
export type SampleEvent = z.infer<typeof sampleEventSchema>

const evaluatedSchema = z.object({
  expression: z.string(),
  value: z.unknown().describe('null where it could not be evaluated'),
  failure: failureSchema.nullable(),
})

/** What a step would do. Later steps see what earlier ones are assumed to give. */
export const dryStepSchema = z.object({
  name: z.string(),
  kind: z.enum(['tool', 'http', 'notify', 'approval']),
  condition: evaluatedSchema.nullable(),
  would: z.enum(['act', 'skip', 'fail']).describe('fail: what stands in `failure` would keep it from acting'),
  target: z.string().describe('`server tool`, `METHOD URL` or nothing'),
  arguments: z.unknown().describe('What it would be called with, secrets by name'),
  failure: failureSchema.nullable(),
  waits_for: z.string().nullable().describe('The approval rule that would hold it, or the person that it asks'),
})
export type DryStep = z.infer<typeof dryStepSchema>

export const dryRunSchema = z.object({
  event: domainEventSchema,
  problems: z.array(ruleProblemSchema).describe('With an error among them nothing is evaluated'),
  is_triggered: z.boolean().describe('Whether the trigger waits for this event'),
  conditions: z.array(evaluatedSchema.extend({ is_met: z.boolean() })),
  would_run: z.boolean(),
  steps: z.array(dryStepSchema),
  on_failure: z.array(dryStepSchema).describe('As if the first step had failed'),
})
export type DryRun = z.infer<typeof dryRunSchema>

/** What a rule made of a test event. */
export const testVerdictSchema = z.object({
  event: domainEventSchema,
  verdict: z.enum(['accepted', 'refused', 'unmet', 'not_its_event', 'suspended']),
  failure: failureSchema.nullable().describe('Why it did not run'),
  run: ruleRunSchema.nullable().describe('As it began; follow the task of its id'),
})
export type TestVerdict = z.infer<typeof testVerdictSchema>

/** A rule and how it fares. */
export const ruleViewSchema = ruleSchema.extend({
  problem: failureSchema.nullable().describe('Why it does not act although it is enabled'),
  next_due: timeSchema.nullable().describe('Of a schedule'),
  running: z.int(),
  waiting: z.int(),
  last_run: ruleRunSchema
    .pick({ id: true, status: true, created_at: true, finished_at: true })
    .nullable()
    .describe('Refused ones included'),
  unmet: z.int().describe('Events of this life of Signalbox that its conditions turned away'),
})
export type RuleView = z.infer<typeof ruleViewSchema>

/** The events that a trigger waits for. */
export function eventNamesOf(trigger: RuleTrigger): readonly DomainEventName[] {
  switch (trigger.kind) {
    case 'event':
    case 'github':
      return trigger.events
    case 'schedule':
      return ['schedule.due']
    case 'webhook':
      return ['webhook.received']
    case 'file':
      return ['file.changed']
    case 'sqlite':
    case 'postgres':
      return [trigger.emits]
    default:
      return trigger satisfies never
  }
}
