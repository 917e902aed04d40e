import { z } from 'zod'
import { decisionSchema, heldCallSchema } from './approvals.ts'
import { clientSchema, clientSightingSchema } from './client.ts'
import { failureSchema, timeSchema } from './common.ts'
import { serverIdSchema, taskIdSchema } from './ids.ts'
import { stateNames } from './server.ts'
import { taskSummarySchema } from './task.ts'

/** A tool call that ended. Rules that ask for it find `result` or `error` of the stored task beside these. */
const endedTaskSchema = taskSummarySchema
  .omit({ progress: true, rerun_of: true, started_at: true })
  .extend({ result: z.unknown().optional(), error: failureSchema.optional() })

const serverFactSchema = z.object({
  server: serverIdSchema,
  state: z.enum(stateNames),
  reason: z.string().nullable(),
  failure: failureSchema.nullable(),
})

/** The parts of GitHub's payloads that rules ask for, under GitHub's own names. */
const gitHubUserSchema = z.object({ login: z.string(), type: z.string() })
const gitHubRepositorySchema = z.object({
  full_name: z.string().describe('`owner/name`'),
  owner: z.string(),
  name: z.string(),
  default_branch: z.string().nullable(),
  html_url: z.string().nullable(),
})
const gitHubFactSchema = z.object({
  delivery_id: z.string().describe('`X-GitHub-Delivery`'),
  action: z.string().describe('`opened`, `labeled`, `synchronize` …'),
  repository: gitHubRepositorySchema,
  sender: gitHubUserSchema,
  is_late: z.literal(true).optional().describe('Something later about the same thing came before it'),
})
const gitHubIssueSchema = gitHubFactSchema.extend({
  issue: z.object({
    number: z.int(),
    title: z.string(),
    body: z.string(),
    state: z.string(),
    labels: z.array(z.string()),
    author: z.string(),
    html_url: z.string(),
  }),
})
const gitHubPullRequestSchema = gitHubFactSchema.extend({
  pull_request: z.object({
    number: z.int(),
    title: z.string(),
    body: z.string(),
    state: z.string(),
    is_draft: z.boolean(),
    is_merged: z.boolean(),
    labels: z.array(z.string()),
    author: z.string(),
    html_url: z.string(),
    head: z.object({ ref: z.string(), sha: z.string() }),
    base: z.object({ ref: z.string(), sha: z.string() }),
  }),
})

const databaseFactSchema = z.object({
  rule: z.string().describe('Id of the rule that watches'),
  source: z.enum(['sqlite', 'postgres']),
  name: z.string().describe('The file, or the channel'),
  row: z.unknown().describe('The new row, or what the channel carried; parsed where it is JSON'),
  rows: z.int().describe('Rows of the query now; 1 for a channel'),
})

const ruleRunFactSchema = z.object({
  rule: z.string().describe('Its id'),
  name: z.string(),
  run_id: taskIdSchema,
  event: z.string().describe('Name of the event that fired it'),
  failure: failureSchema.nullable(),
})

/** An event of one name: a fact in the past tense, with the version of its payload. */
function fact<const N extends string, P extends z.ZodType>(name: N, payload: P) {
  return z.object({
    id: z.uuid().describe('A UUID version 7; the same event never has two'),
    at: timeSchema,
    name: z.literal(name),
    version: z.literal(1),
    sample: z.literal(true).optional().describe('Made up by a person, to test a rule'),
    payload,
  })
}

/** What happened in Signalbox or was told to it: what rules fire on and what `events.<name>` carries to subscribers. */
export const domainEventSchema = z.discriminatedUnion('name', [
  fact('agent.task.completed', endedTaskSchema),
  fact('agent.task.cancelled', endedTaskSchema),
  fact('agent.error', endedTaskSchema.describe('Failed, timed out or interrupted')),
  fact('server.ready', serverFactSchema),
  fact('server.failed', serverFactSchema),
  fact('server.stopped', serverFactSchema),
  fact(
    'client.seen',
    clientSchema.pick({ id: true, name: true, program: true }).extend({ seen: clientSightingSchema }),
  ),
  fact('approval.asked', heldCallSchema),
  fact('approval.decided', decisionSchema),
  fact('github.issue.created', gitHubIssueSchema),
  fact('github.issue.updated', gitHubIssueSchema),
  fact('github.pr.created', gitHubPullRequestSchema),
  fact('github.pr.updated', gitHubPullRequestSchema),
  fact(
    'github.event.received',
    gitHubFactSchema
      .partial({ repository: true, sender: true })
      .extend({ event: z.string().describe('`X-GitHub-Event`'), body: z.record(z.string(), z.unknown()) }),
  ),
  fact(
    'webhook.received',
    z.object({
      hook: z.string().describe('Name of the webhook'),
      delivery_id: z.string(),
      content_type: z.string().nullable(),
      body: z.unknown().describe('Parsed where it is JSON, else its text'),
    }),
  ),
  fact(
    'schedule.due',
    z.object({
      rule: z.string().describe('Id of the rule whose schedule it is'),
      cron: z.string(),
      time_zone: z.string(),
      due_at: timeSchema,
      missed: z.int().describe('Times that passed before this one while nobody was there to act on them'),
    }),
  ),
  fact(
    'file.changed',
    z.object({
      rule: z.string().describe('Id of the rule that watches'),
      path: z.string(),
      change: z.enum(['created', 'changed', 'removed']),
      size: z.int().nullable().describe('Bytes; null when it is gone'),
    }),
  ),
  fact('db.record.created', databaseFactSchema),
  fact('db.alert.triggered', databaseFactSchema),
  fact('rule.run.completed', ruleRunFactSchema),
  fact('rule.run.failed', ruleRunFactSchema),
])
export type DomainEvent = z.infer<typeof domainEventSchema>
export type DomainEventName = DomainEvent['name']
export type DomainEventOf<N extends DomainEventName> = Extract<DomainEvent, { name: N }>
export type PayloadOf<N extends DomainEventName> = DomainEventOf<N>['payload']

export const domainEventNames = domainEventSchema.options.map((option) => option.shape.name.value)
