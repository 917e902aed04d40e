import { expect, test } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import { openTestGateway, ownServer } from '../test-gateway.ts'

const call = { agent: 'legacy' as ServerId, action: 'test_input_required_result_elicitation', parameters: {} }

test('a call of our own that waits for the person says so, and what was asked and answered stands on its time line', async () => {
  const legacy = { command: 'node', args: [ownServer('conformance/legacy-stdio')] }
  await using gateway = await openTestGateway({ legacy })
  const { api } = gateway
  const asked = async () => (await api.questions.list()).items
  const { task_id } = await api.tasks.create(call)
  await expect.poll(async () => (await asked()).length).toBe(1)
  expect(await api.tasks.get({ task_id })).toMatchObject({ status: 'input_required' })
  const answer = { kind: 'accept' as const, content: { name: 'the person' } }
  await api.questions.answer({ id: (await asked())[0]!.id, answer })
  await expect.poll(async () => (await api.tasks.get({ task_id })).status).toBe('completed')
  const { items } = await api.tasks.events({ task_id })
  const told = items.flatMap(({ kind, data }) =>
    kind === 'child_question' ? ['answer' in data ? 'answered' : 'asked'] : kind === 'status' ? [data.status] : [],
  )
  expect(told).toEqual(['queued', 'running', 'asked', 'input_required', 'answered', 'running', 'completed'])
})

test('one that is cancelled while it waits ends as cancelled, and its question is gone', async () => {
  const legacy = { command: 'node', args: [ownServer('conformance/legacy-stdio')] }
  await using gateway = await openTestGateway({ legacy })
  const { api } = gateway
  const { task_id } = await api.tasks.create(call)
  await expect.poll(async () => (await api.questions.list()).items.length).toBe(1)
  await api.tasks.cancel({ task_id })
  await expect.poll(async () => (await api.tasks.get({ task_id })).status).toBe('cancelled')
  await api.servers.stop({ id: 'legacy' as ServerId, wait_s: 30 })
  await expect.poll(async () => (await api.questions.list()).items.length).toBe(0)
  expect(await api.tasks.get({ task_id })).toMatchObject({ status: 'cancelled' })
  expect(gateway.engine.hub.snapshot.running).toEqual([])
})
