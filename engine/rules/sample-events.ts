import type { ClientId } from '../../shared/client.ts'
import type { DomainEvent, DomainEventName, PayloadOf } from '../../shared/domain-event.ts'
import { type RunId, type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'

const at = '2026-11-22T14:07:15.501Z'
const id = '019aac5e-0d4d-7000-8000-000000000001'
const call = {
  task_id: id as TaskId,
  agent: 'notes' as ServerId,
  action: 'add_note',
  origin: 'client:Cursor',
  parent_id: null,
  run_id: id as RunId,
  created_at: at,
  finished_at: at,
  duration_ms: 12.5,
}
const failure = { code: 'tool_error', message: 'The note is too long.', hint: 'Shorten it.' }
const ready = { server: 'notes' as ServerId, state: 'ready', reason: null, failure: null } as const
const hints = { read_only: false, destructive: true, idempotent: null, open_world: null }
const held = {
  server: 'notes' as ServerId,
  tool: 'delete_note',
  origin: 'client:Cursor',
  rule: 'Destructive tools ask',
}
const github = {
  delivery_id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  repository: {
    full_name: 'octo/demo',
    owner: 'octo',
    name: 'demo',
    default_branch: 'main',
    html_url: 'https://github.com/octo/demo',
  },
  sender: { login: 'ada', type: 'User' },
}
const issue = {
  number: 12,
  title: 'The lamp is dark',
  body: 'It does not light up.',
  state: 'open',
  labels: ['bug'],
  author: 'ada',
  html_url: 'https://github.com/octo/demo/issues/12',
}
const pull_request = {
  number: 13,
  title: 'Light the lamp',
  body: 'Fixes #12.',
  state: 'open',
  is_draft: false,
  is_merged: false,
  labels: [],
  author: 'ada',
  html_url: 'https://github.com/octo/demo/pull/13',
  head: { ref: 'lamp', sha: 'a'.repeat(40) },
  base: { ref: 'main', sha: 'b'.repeat(40) },
}
const row = { rule: id, source: 'sqlite', name: '/data/orders.db', row: { id: 7, state: 'open' }, rows: 3 } as const
const run = { rule: id, name: 'triage', run_id: id as TaskId, event: 'github.issue.created', failure: null }

/** A believable payload for each event, to write and try rules with. */
export const samplePayloads: { readonly [N in DomainEventName]: PayloadOf<N> } = {
  'agent.task.completed': { ...call, status: 'completed', error_code: null },
  'agent.task.cancelled': { ...call, status: 'cancelled', error_code: 'cancelled' },
  'agent.error': { ...call, status: 'failed', error_code: failure.code, error: failure },
  'server.ready': ready,
  'server.failed': { ...ready, state: 'failed', reason: 'node is not there', failure },
  'server.stopped': { ...ready, state: 'stopped' },
  'client.seen': {
    id: id as ClientId,
    name: 'Cursor',
    program: 'cursor',
    seen: {
      first_at: at,
      last_at: at,
      era: 'legacy',
      protocol_version: '2025-11-25',
      implementation: { name: 'cursor', version: '2.1.0' },
      tools_served: 17,
      listed_at: at,
      last_call_at: null,
    },
  },
  'approval.asked': { ...held, id: id as TaskId, title: 'Delete a note', hints, since: at, until: at },
  'approval.decided': {
    ...held,
    id,
    task_id: id as TaskId,
    verdict: 'allow',
    remember: 'once',
    scope: 'tool_and_client',
    by: 'page',
    at,
    revoked_at: null,
  },
  'github.issue.created': { ...github, action: 'opened', issue },
  'github.issue.updated': { ...github, action: 'labeled', issue },
  'github.pr.created': { ...github, action: 'opened', pull_request },
  'github.pr.updated': { ...github, action: 'synchronize', pull_request },
  'github.event.received': {
    ...github,
    action: 'created',
    event: 'issue_comment',
    body: { comment: { body: 'Hello' } },
  },
  'webhook.received': { hook: 'ci', delivery_id: id, content_type: 'application/json', body: { state: 'failed' } },
  'schedule.due': { rule: id, cron: '0 9 * * *', time_zone: 'Europe/Berlin', due_at: at, missed: 0 },
  'file.changed': { rule: id, path: '/home/me/notes/today.md', change: 'changed', size: 120 },
  'db.record.created': row,
  'db.alert.triggered': row,
  'rule.run.completed': run,
  'rule.run.failed': { ...run, failure },
}

/** A made-up event, marked as one. */
export function sampleEvent(name: DomainEventName, payload: unknown = samplePayloads[name]): DomainEvent {
  return { id: uuidV7(), at: new Date().toISOString(), name, version: 1, sample: true, payload } as DomainEvent
}
