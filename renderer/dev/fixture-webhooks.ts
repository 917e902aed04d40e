import type { DomainEvent } from '../../shared/domain-event.ts'
import { uuidV7 } from '../../shared/ids.ts'
import type { MissedAnswer } from '../../shared/missed-deliveries.ts'
import type { EngineEvent } from '../../shared/snapshot.ts'
import type { Delivery, DeliverySummary, WebhookSource } from '../../shared/webhooks.ts'

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()

export function fixtureSources(): WebhookSource[] {
  const secret = (hint: string) => ({ id: uuidV7(), hint, created_at: ago(5000) })
  return [
    {
      id: uuidV7(),
      name: 'github',
      path: '/webhooks/github',
      signing: { kind: 'github' },
      secrets: [secret('9fQ2'), secret('x7_K')],
      problem: null,
      created_at: ago(5000),
    },
    {
      id: uuidV7(),
      name: 'billing',
      path: '/webhooks/billing',
      signing: { kind: 'standard', tolerance_s: 300 },
      secrets: [secret('aaB1')],
      problem: null,
      created_at: ago(5000),
    },
  ]
}

function fixtureDeliveries(): DeliverySummary[] {
  const delivery = (minutes: number, facts: Partial<DeliverySummary>): DeliverySummary => ({
    id: uuidV7(),
    at: ago(minutes),
    path: '/webhooks/github',
    source: 'github',
    sent_id: crypto.randomUUID(),
    sent_event: 'issues.opened',
    verdict: 'accepted',
    why: null,
    event: 'github.issue.created',
    about: 'acme/website#4812',
    is_late: false,
    bytes: 9_214,
    redelivery_of: null,
    handled_at: ago(minutes),
    ...facts,
  })
  return [
    delivery(0.4, {}),
    delivery(3, { sent_event: 'pull_request.synchronize', event: 'github.pr.updated', about: 'acme/api#77' }),
    delivery(8, {
      verdict: 'bad_signature',
      why: 'The signature is not that of any secret of github.',
      event: null,
      about: null,
      source: null,
      handled_at: null,
    }),
    delivery(12, { verdict: 'duplicate', event: null, why: 'A delivery of that id came before.' }),
    delivery(31, { verdict: 'ping', sent_event: 'ping', event: null, about: null }),
    delivery(55, {
      path: '/webhooks/billing',
      source: 'billing',
      sent_event: null,
      event: 'webhook.received',
      about: 'billing',
    }),
  ]
}

/** What the deliveries told. */
export const fixtureEvent = {
  id: uuidV7(),
  at: ago(0.4),
  name: 'github.issue.created',
  version: 1,
  payload: {
    delivery_id: crypto.randomUUID(),
    action: 'opened',
    repository: { full_name: 'acme/website', owner: 'acme', name: 'website', default_branch: 'main', html_url: null },
    sender: { login: 'mona', type: 'User' },
    issue: {
      number: 4812,
      title: 'The page is blank',
      body: 'Since today.',
      state: 'open',
      labels: [],
      author: 'mona',
      html_url: '',
    },
  },
} satisfies DomainEvent

const deliveries = fixtureDeliveries()

/** Three deliveries that nobody took; GitHub keeps the last back as too old. */
function fixtureMissed(redeliver: boolean): MissedAnswer {
  const failure = { code: 'github_refused', message: 'GitHub answered 422.', hint: null }
  const missed = (minutes: number, event: string, action: string | null, answered: number | null, isOld = false) => ({
    sent_id: crypto.randomUUID(),
    event,
    action,
    at: ago(minutes),
    answered,
    asked: redeliver && !isOld,
    failure: redeliver && isOld ? failure : null,
  })
  const items = [
    missed(42, 'issues', 'opened', null),
    missed(55, 'pull_request', 'synchronize', 502),
    missed(4200, 'issues', 'labeled', null, true),
  ]
  return { hook_id: 41, looked_at: 118, is_cut: false, items }
}

/** What the page asks of webhooks. */
export function fixtureWebhooksApi(raise: (event: EngineEvent) => void) {
  return {
    webhooks: {
      deliveries: async () => ({ items: deliveries, next_before: null }),
      delivery: async ({ id }: { id: string }): Promise<Delivery> => {
        const summary = deliveries.find((one) => one.id === id)!
        return {
          ...summary,
          headers: [
            ['content-type', 'application/json'],
            ['user-agent', 'GitHub-Hookshot/4f1c2d0'],
            ['x-github-delivery', summary.sent_id ?? ''],
            ['x-github-event', 'issues'],
            ['x-hub-signature-256', 'sha256=f3a1…'],
          ],
          body: JSON.stringify(fixtureEvent.payload),
          is_cut: false,
          payload: fixtureEvent.payload,
        }
      },
      redeliver: async ({ id }: { id: string }) => {
        const delivery = { ...deliveries.find((one) => one.id === id)!, id: uuidV7(), at: ago(0), redelivery_of: id }
        deliveries.unshift(delivery)
        raise({ type: 'delivery.changed', delivery })
        return delivery
      },
      createSource: async ({ name }: { name: string }) => {
        const source = { ...fixtureSources()[0]!, id: uuidV7(), name, path: `/webhooks/${name}` }
        raise({ type: 'webhook_sources.changed', sources: [source] })
        return { source, secret: 'fixture'.repeat(6) }
      },
      removeSource: async () => ({ removed: true }),
      missed: async ({ redeliver = false }: { redeliver?: boolean }) => fixtureMissed(redeliver),
    },
  }
}
