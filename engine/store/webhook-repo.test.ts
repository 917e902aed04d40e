import { expect, test } from 'vitest'
import { uuidV7 } from '../../shared/ids.ts'
import { openStore } from './open-store.ts'
import { storeWorker, temporaryHome } from './test-store.ts'
import type { NewDelivery } from './webhook-repo.ts'

function delivery(facts: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id: uuidV7(),
    at: '2026-11-22T14:00:00.000Z',
    path: '/webhooks/github',
    source: 'octo',
    sent_id: 'one',
    sent_event: 'issues.opened',
    verdict: 'accepted',
    why: null,
    event: 'github.issue.created',
    about: 'octo/demo#1',
    occurred_at: null,
    bytes: 100,
    redelivery_of: null,
    headers: [['x-github-event', 'issues']],
    body: 'x'.repeat(100),
    is_cut: false,
    payload: { action: 'opened' },
    ...facts,
  }
}

const never = {
  keepUnsigned: 1_000_000,
  before: '2000-01-01T00:00:00.000Z',
  keep: 1_000_000,
  keepBytes: 1e12,
  forgetBefore: '2000',
}

test('of many that come at once under one key, one is taken', async () => {
  using home = temporaryHome()
  await using opened = (await openStore({ file: home.file('signalbox.db'), worker: storeWorker })).store
  const check = { source_id: 'octo', keys: [{ key: 'id one', verdict: 'duplicate' as const }] }
  const recorded = await Promise.all(Array.from({ length: 50 }, () => opened.webhooks.record(delivery(), check)))
  const verdicts = recorded.map(({ verdict }) => verdict).sort()
  expect(verdicts).toEqual(['accepted', ...Array.from({ length: 49 }, () => 'duplicate')])
  expect(await opened.webhooks.waiting()).toHaveLength(1)
})

test('the oldest go first, by age, number and size, and what waits stays', async () => {
  using home = temporaryHome()
  await using opened = (await openStore({ file: home.file('signalbox.db'), worker: storeWorker })).store
  const { webhooks } = opened
  const left = async () => (await webhooks.list({ limit: 100 })).items.map(({ sent_id }) => sent_id).reverse()
  for (const day of [1, 2, 3, 4, 5, 6]) {
    const made = delivery({ sent_id: String(day), at: `2026-11-0${day}T00:00:00.000Z` })
    await webhooks.record(made, null)
    if (day !== 1) await webhooks.setHandled(made.id, made.at)
  }
  expect(await webhooks.prune(never)).toBe(0)
  expect(await webhooks.prune({ ...never, before: '2026-11-03T00:00:00.000Z' })).toBe(1)
  expect(await left()).toEqual(['1', '3', '4', '5', '6'])
  expect(await webhooks.prune({ ...never, keep: 4 })).toBe(1)
  expect(await left()).toEqual(['1', '4', '5', '6'])
  expect(await webhooks.prune({ ...never, keepBytes: 300 })).toBe(2)
  expect(await left()).toEqual(['1', '6'])
  const unsigned = { source: null, event: null, payload: null, verdict: 'bad_signature' as const }
  for (const sent_id of ['7', '8', '9']) await webhooks.record(delivery({ ...unsigned, sent_id }), null)
  expect(await webhooks.prune({ ...never, keepUnsigned: 1 })).toBe(2)
  expect(await left()).toEqual(['1', '6', '9'])
})

test('what must not come again outlives the delivery, and is forgotten in its time', async () => {
  using home = temporaryHome()
  await using opened = (await openStore({ file: home.file('signalbox.db'), worker: storeWorker })).store
  const { webhooks } = opened
  const check = { source_id: 'octo', keys: [{ key: 'text x', verdict: 'replayed' as const }] }
  const first = delivery()
  await webhooks.record(first, check)
  await webhooks.setHandled(first.id, first.at)
  await webhooks.prune({ ...never, keep: 0 })
  expect(await webhooks.record(delivery(), check)).toMatchObject({ verdict: 'replayed', event: null })
  await webhooks.prune({ ...never, forgetBefore: '2027' })
  expect(await webhooks.record(delivery(), check)).toMatchObject({ verdict: 'accepted' })
})
