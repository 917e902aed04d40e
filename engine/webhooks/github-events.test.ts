import type { EmitterWebhookEvent } from '@octokit/webhooks/types'
import { expect, it } from 'vitest'
import type { z } from 'zod'
import { domainEventSchema } from '../../shared/domain-event.ts'
import { uuidV7 } from '../../shared/ids.ts'
import { samplePayloads } from '../rules/sample-events.ts'
import { gitHubEvent } from './github-events.ts'
import type { issuesPayloadSchema, pullRequestPayloadSchema } from './github-payloads.ts'
import { issuesPayload, pullRequestPayload } from './github-samples.ts'

const read = (event: string | null, payload: unknown, only: string | null = null) =>
  gitHubEvent({ event, deliveryId: 'one', payload, only })

/** Compile only while each payload that GitHub may send is one that we read. */
const sentIssues = (sent: EmitterWebhookEvent<'issues'>['payload']): z.input<typeof issuesPayloadSchema> => sent
const sentPullRequest = (
  sent: EmitterWebhookEvent<'pull_request'>['payload'],
): z.input<typeof pullRequestPayloadSchema> => sent

it.each([
  ['issues', issuesPayload('opened'), 'github.issue.created'],
  ['issues', issuesPayload('labeled'), 'github.issue.updated'],
  ['issues', issuesPayload('transferred', { body: null }), 'github.issue.updated'],
  ['pull_request', pullRequestPayload('opened'), 'github.pr.created'],
  ['pull_request', pullRequestPayload('synchronize'), 'github.pr.updated'],
  ['push', { ref: 'refs/heads/main', commits: [{ id: 'x' }] }, 'github.event.received'],
  ['star', { action: 'created', repository: { odd: true }, sender: 1 }, 'github.event.received'],
])('%s becomes a valid event: %#', (event, payload, name) => {
  const reading = read(event, payload)
  if (reading.kind !== 'event') throw new Error(JSON.stringify(reading))
  expect(reading.event.name).toBe(name)
  domainEventSchema.parse({ id: uuidV7(), at: new Date().toISOString(), version: 1, ...reading.event })
})

it('keeps what rules ask for under the names of GitHub', () => {
  expect(read('issues', issuesPayload('opened'))).toEqual({
    kind: 'event',
    sentEvent: 'issues.opened',
    about: 'octo/demo#12',
    occurredAt: '2026-11-22T14:00:00.000Z',
    event: {
      name: 'github.issue.created',
      // What a dry run shows is what a real delivery becomes.
      payload: { ...samplePayloads['github.issue.created'], delivery_id: 'one' },
    },
  })
})

it('an account that is gone has the name that GitHub shows for it', () => {
  const payload = issuesPayload('opened')
  const gone = { ...payload, sender: null, issue: { ...payload.issue, user: null, labels: null } }
  expect(read('issues', gone)).toMatchObject({
    event: { payload: { sender: { login: 'ghost' }, issue: { author: 'ghost', labels: [] } } },
  })
})

it.each([
  ['a ping', 'ping', { zen: 'Design for failure.' }, null, 'ping'],
  ['an event that GitHub does not have', 'lamps', {}, null, 'unknown_event'],
  ['no name', null, {}, null, 'unknown_event'],
  ['a key of every object', '__proto__', {}, null, 'unknown_event'],
  ['another event than its address takes', 'issues', issuesPayload('opened'), 'pull_request', 'unknown_event'],
  ['an issue without a number', 'issues', { ...issuesPayload('opened'), issue: {} }, null, 'bad_payload'],
  ['no object', 'push', 'text', null, 'bad_payload'],
])('%s becomes none', (_name, event, payload, only, verdict) => {
  expect(read(event, payload, only)).toMatchObject({ kind: 'none', verdict })
})

it('reads what the types of Octokit say that GitHub sends', () => {
  expect([sentIssues, sentPullRequest].map((sent) => sent.length)).toEqual([1, 1])
})
