import { z } from 'zod'
import { heldCallSchema } from './approvals.ts'
import { clientIdSchema, clientSchema, profileIdSchema, profileSchema } from './client.ts'
import { timeSchema } from './common.ts'
import { serverIdSchema, taskIdSchema } from './ids.ts'
import { questionSchema } from './question.ts'
import { ruleIdSchema, ruleViewSchema } from './rule.ts'
import { serverSchema, stateNames } from './server.ts'
import { settingsStateSchema } from './settings.ts'
import { signInSchema } from './sign-in.ts'
import { isFinished, type TaskSummary, taskSummarySchema } from './task.ts'
import { deliverySummarySchema, webhookSourceSchema } from './webhooks.ts'

/** What a person can do about an item, as one verb. The page, the tray and the terminal each know how to do it. */
export const attentionActionSchema = z.object({
  kind: z.enum([
    'start',
    'restart',
    'open_server',
    'open_log',
    'open_config',
    'open_config_file',
    'open_task',
    'sign_in',
    'open_approvals',
    'open_clients',
  ]),
  label: z.string(),
})

/** One thing that needs a person, worst first. The same list in the page, the tray, the API and `signalbox status`. */
export const attentionItemSchema = z.object({
  id: z.string().describe('Stable while the cause stands'),
  severity: z.enum(['danger', 'caution', 'attention']),
  server: serverIdSchema.nullable(),
  task_id: taskIdSchema.nullable(),
  state: z.enum(stateNames).nullable(),
  title: z.string().describe('`Cannot start.`'),
  message: z.string().describe('What happened, one sentence'),
  code: z.string(),
  since: timeSchema,
  action: attentionActionSchema,
})
export type AttentionItem = z.infer<typeof attentionItemSchema>

export const hourSchema = z.object({
  at: timeSchema.describe('Start of the hour'),
  calls: z.int(),
  failed: z.int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
})

/** The last 24 hours: finished tasks by the hour they were created in; failed counts failed, timed out and interrupted. */
export const dayStatsSchema = z.object({
  calls: z.int(),
  failed: z.int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  hours: z.array(hourSchema).describe('24, oldest first'),
})
export type DayStats = z.infer<typeof dayStatsSchema>

export const configStatusSchema = z.object({
  path: z.string(),
  revision: z.int().describe('Rises with each reading that may have changed something'),
  problem: z
    .object({ message: z.string(), line: z.int(), column: z.int(), since: timeSchema })
    .nullable()
    .describe('Why the file cannot be read; the last good one is in force meanwhile'),
})
export type ConfigStatus = z.infer<typeof configStatusSchema>

/** A banner about the store or the home folder; the worse one is shown. */
export const bannerSchema = z.object({
  code: z.string(),
  severity: z.enum(['danger', 'caution']),
  message: z.string(),
  hint: z.string().nullable(),
  since: timeSchema,
})
export type Banner = z.infer<typeof bannerSchema>

/** Everything that a face shows without asking again. */
export const snapshotSchema = z.object({
  version: z.string(),
  home: z.string(),
  url: z.string().nullable().describe('Base URL of the HTTP face, without a trailing slash'),
  started_at: timeSchema,
  servers: z.array(serverSchema).describe('In the order of their numbers'),
  sign_ins: z.array(signInSchema).describe('Remote servers that have people sign in, as far as is known'),
  attention: z.array(attentionItemSchema),
  config: configStatusSchema,
  banner: bannerSchema.nullable(),
  running: z.array(taskSummarySchema).describe('Unfinished tasks, newest first'),
  recent: z.array(taskSummarySchema).describe('The last finished tasks, newest first, at most 20'),
  tasks_total: z.int(),
  day: dayStatsSchema,
  settings: settingsStateSchema,
  questions: z.array(questionSchema).describe('Questions of servers that wait for the person, oldest first'),
  clients: z.array(clientSchema).describe('The first made first'),
  profiles: z.array(profileSchema).describe('By id'),
  approvals: z.array(heldCallSchema).describe('Calls that wait for a person, the oldest first'),
  webhook_sources: z.array(webhookSourceSchema).describe('The first made first'),
  deliveries: z.array(deliverySummarySchema).describe('The last webhooks that came, newest first, at most 20'),
  rules: z.array(ruleViewSchema).describe('The first made first'),
})
export type Snapshot = z.infer<typeof snapshotSchema>

/** A short message about what happened elsewhere; the page shows it as a toast. */
export const noticeSchema = z.object({
  id: z.uuid(),
  at: timeSchema,
  severity: z.enum(['info', 'caution', 'danger']),
  server: serverIdSchema.nullable(),
  task_id: taskIdSchema.nullable(),
  title: z.string(),
  message: z.string(),
  topic: z
    .enum(['approvals'])
    .optional()
    .describe('What it is about: it takes the place of an earlier one of its topic'),
  desktop: z.literal(true).optional().describe('The system tells it, too, when nobody looks at the page'),
})
export type Notice = z.infer<typeof noticeSchema>

/** Facts, in the past tense. Each carries the whole new value, so that applying one twice changes nothing. */
export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('server.changed'), server: serverSchema }),
  z.object({ type: z.literal('server.removed'), id: serverIdSchema }),
  z.object({ type: z.literal('sign_in.changed'), sign_in: signInSchema }),
  z.object({ type: z.literal('attention.changed'), items: z.array(attentionItemSchema) }),
  z.object({ type: z.literal('config.changed'), config: configStatusSchema }),
  z.object({ type: z.literal('banner.changed'), banner: bannerSchema.nullable() }),
  z.object({ type: z.literal('task.changed'), task: taskSummarySchema, tasks_total: z.int() }),
  z.object({ type: z.literal('day.changed'), day: dayStatsSchema }),
  z.object({ type: z.literal('settings.changed'), settings: settingsStateSchema }),
  z.object({ type: z.literal('questions.changed'), questions: z.array(questionSchema) }),
  z.object({ type: z.literal('client.changed'), client: clientSchema }),
  z.object({ type: z.literal('client.removed'), id: clientIdSchema }),
  z.object({ type: z.literal('profile.changed'), profile: profileSchema }),
  z.object({ type: z.literal('profile.removed'), id: profileIdSchema }),
  z.object({ type: z.literal('approval.held'), approval: heldCallSchema }),
  z.object({ type: z.literal('approval.settled'), id: taskIdSchema }),
  z.object({ type: z.literal('webhook_sources.changed'), sources: z.array(webhookSourceSchema) }),
  z.object({ type: z.literal('delivery.changed'), delivery: deliverySummarySchema }),
  z.object({ type: z.literal('rule.changed'), rule: ruleViewSchema }),
  z.object({ type: z.literal('rule.removed'), id: ruleIdSchema }),
  z.object({ type: z.literal('url.changed'), url: z.string().nullable() }),
  z.object({ type: z.literal('notice.raised'), notice: noticeSchema }),
])
export type EngineEvent = z.infer<typeof engineEventSchema>

/**
 * One message of the event stream. `epoch` names one life of the engine: numbers of another epoch mean nothing.
 * A reader that comes back with the last `seq` gets the missing changes, or a snapshot where they are gone.
 */
export const streamMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), epoch: z.uuid(), seq: z.int(), snapshot: snapshotSchema }),
  z.object({
    kind: z.literal('changes'),
    epoch: z.uuid(),
    seq: z.int().describe('Number of the last event in here'),
    events: z.array(engineEventSchema),
  }),
])
export type StreamMessage = z.infer<typeof streamMessageSchema>

const recentKept = 20

/** The snapshot after an event. Pure: parts that did not change keep their identity, so that selectors stay quiet. */
export function applyEvent(snapshot: Snapshot, event: EngineEvent): Snapshot {
  switch (event.type) {
    case 'server.changed': {
      const others = snapshot.servers.filter((server) => server.id !== event.server.id)
      const servers = [...others, event.server].sort((a, b) => a.number - b.number)
      return { ...snapshot, servers }
    }
    case 'server.removed':
      return {
        ...snapshot,
        servers: snapshot.servers.filter((server) => server.id !== event.id),
        sign_ins: snapshot.sign_ins.filter((signIn) => signIn.server !== event.id),
      }
    case 'sign_in.changed': {
      const others = snapshot.sign_ins.filter((signIn) => signIn.server !== event.sign_in.server)
      return { ...snapshot, sign_ins: [...others, event.sign_in] }
    }
    case 'attention.changed':
      return { ...snapshot, attention: event.items }
    case 'config.changed':
      return { ...snapshot, config: event.config }
    case 'banner.changed':
      return { ...snapshot, banner: event.banner }
    case 'task.changed':
      return applyTasks(snapshot, [event.task], event.tasks_total)
    case 'day.changed':
      return { ...snapshot, day: event.day }
    case 'settings.changed':
      return { ...snapshot, settings: event.settings }
    case 'questions.changed':
      return { ...snapshot, questions: event.questions }
    case 'client.changed': {
      const others = snapshot.clients.filter((client) => client.id !== event.client.id)
      return { ...snapshot, clients: [...others, event.client].sort(byId) }
    }
    case 'client.removed':
      return { ...snapshot, clients: snapshot.clients.filter((client) => client.id !== event.id) }
    case 'profile.changed': {
      const others = snapshot.profiles.filter((profile) => profile.id !== event.profile.id)
      return { ...snapshot, profiles: [...others, event.profile].sort(byId) }
    }
    case 'profile.removed':
      return { ...snapshot, profiles: snapshot.profiles.filter((profile) => profile.id !== event.id) }
    case 'approval.held': {
      const others = snapshot.approvals.filter((approval) => approval.id !== event.approval.id)
      return { ...snapshot, approvals: [...others, event.approval].sort(bySince) }
    }
    case 'approval.settled':
      return { ...snapshot, approvals: snapshot.approvals.filter(({ id }) => id !== event.id) }
    case 'webhook_sources.changed':
      return { ...snapshot, webhook_sources: event.sources }
    case 'delivery.changed': {
      const others = snapshot.deliveries.filter((delivery) => delivery.id !== event.delivery.id)
      const deliveries = [event.delivery, ...others].sort((a, b) => byId(b, a)).slice(0, recentKept)
      return { ...snapshot, deliveries }
    }
    case 'rule.changed': {
      const others = snapshot.rules.filter((rule) => rule.id !== event.rule.id)
      return { ...snapshot, rules: [...others, event.rule].sort(byId) }
    }
    case 'rule.removed':
      return { ...snapshot, rules: snapshot.rules.filter((rule) => rule.id !== event.id) }
    case 'url.changed':
      return { ...snapshot, url: event.url }
    case 'notice.raised':
      return snapshot
    default:
      return event satisfies never
  }
}

/** These ids are UUIDs version 7, so theirs is the order of making. */
function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}

function bySince(a: { since: string }, b: { since: string }): number {
  if (a.since === b.since) return 0
  return a.since < b.since ? -1 : 1
}

/** The snapshot after changes of many tasks, each named once; for the price of one. */
export function applyTasks(snapshot: Snapshot, tasks: readonly TaskSummary[], tasks_total: number): Snapshot {
  const changed = new Set<string>(tasks.map(({ task_id }) => task_id))
  const others = snapshot.running.filter(({ task_id }) => !changed.has(task_id))
  const open = tasks.filter(({ status }) => !isFinished(status))
  const finished = tasks.filter(({ status }) => isFinished(status))
  const running = open.length === 0 ? others : [...others, ...open].sort(newestFirst)
  if (finished.length === 0) return { ...snapshot, running, tasks_total }
  const known = snapshot.recent.filter(({ task_id }) => !changed.has(task_id))
  const recent = [...finished.slice(-recentKept).reverse(), ...known].sort(byFinish).slice(0, recentKept)
  return { ...snapshot, running, recent, tasks_total }
}

function newestFirst(a: { task_id: string }, b: { task_id: string }): number {
  return a.task_id < b.task_id ? 1 : -1
}

function byFinish(a: { finished_at: string | null }, b: { finished_at: string | null }): number {
  const [ofA, ofB] = [a.finished_at ?? '', b.finished_at ?? '']
  if (ofA === ofB) return 0
  return ofA < ofB ? 1 : -1
}
