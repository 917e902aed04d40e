import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { newRuleSchema } from '../../shared/rule.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'page' } })

const asking = newRuleSchema.parse({
  name: 'ask first',
  enabled: true,
  trigger: { kind: 'webhook', hook: 'ci' },
  steps: [
    { kind: 'notify', name: 'tell', title: 'Asked', message: 'Somebody is asked' },
    { kind: 'approval', name: 'ask', message: 'May I?' },
    { kind: 'notify', name: 'done', title: 'Done', message: 'It was allowed' },
  ],
})

test.each([
  ['allow', 'completed'],
  ['deny', 'failed'],
] as const)('a run whose step waits for a person waits for that person itself: %s', async (verdict, end) => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const api = client(engine)
  const { id } = await api.rules.create(asking)
  const { run } = await api.rules.test({ id })
  const seen: unknown[] = []
  for await (const { task, events } of await api.tasks.follow({ task_id: run!.id })) {
    seen.push(...events.flatMap(({ kind, data }) => (kind === 'status' ? [data.status] : [])))
    if (task.status !== 'input_required') continue
    // It is the same in the store, where lists and filters look.
    const { items } = await api.tasks.list({ status: ['input_required'] })
    expect(items.map(({ action }) => action)).toEqual(['approval', 'run'])
    const [held] = (await api.approvals.list()).items
    await api.approvals.decide({ id: held!.id, verdict })
  }
  expect(seen).toEqual(['queued', 'running', 'input_required', 'running', end])
  expect(await api.tasks.get({ task_id: run!.id })).toMatchObject({ status: end })
  const kept = await api.rules.run({ id: run!.id })
  expect(kept.steps.map(({ name }) => name)).toEqual(verdict === 'allow' ? ['tell', 'ask', 'done'] : ['tell', 'ask'])
})
