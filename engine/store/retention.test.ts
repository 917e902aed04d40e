import { expect, test } from 'vitest'
import type { LogLine } from '../../shared/log.ts'
import { openLogStore, openStore } from './open-store.ts'
import { Retention } from './retention.ts'
import { newTask, serverId, statusEvent, storeWorker, temporaryHome } from './test-store.ts'

const dayMs = 24 * 3600 * 1000
const today = Date.parse('2026-11-22T12:00:00.000Z')
const daysAgo = (days: number): string => new Date(today - days * dayMs).toISOString()

async function filled() {
  const home = temporaryHome()
  const stack = new AsyncDisposableStack()
  stack.use(home)
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  stack.use(store)
  const opened = await openLogStore({ file: home.file('logs.db'), worker: storeWorker })
  const logStore = stack.use(opened.store)
  // 20,000 lines over 50 days and 2,000 tasks over 200, the last of them still in the journal; one of long ago still runs.
  const lines = Array.from({ length: 20_000 }, (_, index) => line(index + 1, daysAgo(50 - index / 400)))
  await logStore.append(lines)
  await store.tasks.insert(newTask({ created_at: daysAgo(400) }), [])
  for (let count = 2_000; count > 0; count--) {
    const row = newTask({ created_at: daysAgo(count / 10) })
    await store.tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
    await store.tasks.update(row.task_id, { status: 'completed' }, [])
  }
  return { store, logStore, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

function line(seq: number, at: string): LogLine {
  const run_id = null
  return { seq, at, server: serverId('notes'), run_id, stream: 'stderr', level: 'info', level_guessed: true, text: 'x' }
}

test('what is too old goes step by step, oldest first; the chain stays whole and open tasks stay', async () => {
  await using parts = await filled()
  await parts.store.settings.set('retention_task_days', 150)
  using retention = new Retention({ ...parts, now: () => today })
  while (await retention.step());
  expect(await parts.store.tasks.count()).toBe(1_501)
  expect(await parts.store.verifyChain()).toEqual({ checked: 1_500, missing: [], changed: [], broken: [] })
  const { total } = await parts.logStore.overview({})
  const { items } = await parts.logStore.list({ limit: 1_000 })
  expect(items[0]?.seq).toBe(20_000)
  // 12,000 lines are of the last 30 days; a block goes as a whole.
  expect(total).toBeGreaterThanOrEqual(12_000)
  expect(total).toBeLessThan(12_500)

  const row = newTask()
  await parts.store.tasks.insert(row, [])
  await parts.store.tasks.update(row.task_id, { status: 'failed' }, [])
  expect((await parts.store.verifyChain()).checked).toBe(1_501)
})

test('a clock that jumps ten years ahead or back removes nothing', async () => {
  await using parts = await filled()
  for (const jump of [3_650 * dayMs, -3_650 * dayMs]) {
    let now = today - 190 * dayMs
    using retention = new Retention({ ...parts, now: () => now, elapsed: () => 0 })
    now += jump
    await parts.store.settings.set('retention_log_days', 3_000)
    expect(await retention.step()).toBe(false)
  }
  expect(await parts.store.tasks.count()).toBe(2_001)
})

test('of too many the newest stay', async () => {
  await using parts = await filled()
  await parts.store.settings.set('retention_task_count', 1_200)
  await parts.store.settings.set('retention_log_count', 12_000)
  await parts.store.settings.set('retention_log_days', 3_000)
  using retention = new Retention({ ...parts, now: () => today })
  while (await retention.step());
  expect(await parts.store.tasks.count()).toBe(1_201)
  const { total } = await parts.logStore.overview({})
  expect(total).toBeGreaterThanOrEqual(12_000)
  expect(total).toBeLessThan(12_500)
})

test('of tasks that take too much the oldest go, until the rest fits or a thousand are left', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const parameters = { text: 'x'.repeat(6_000) }
  const complete = async (): Promise<void> => {
    const row = newTask({ parameters })
    await store.tasks.insert(row, [])
    await store.tasks.update(row.task_id, { status: 'completed' }, [])
  }
  for (let count = 0; count < 15; count++) await Promise.all(Array.from({ length: 100 }, complete))
  const before = await store.held()
  const limit = Math.round(0.85 * before.bytes)
  await store.settings.set('retention_task_bytes', limit)
  using retention = new Retention({ store, logStore: { prune: async () => 0 } })
  while (await retention.step());
  const after = await store.held()
  expect(after.bytes).toBeLessThanOrEqual(limit)
  expect(after.count).toBeGreaterThan(1_000)
  expect(after.count).toBeLessThan(1_500)
  await store.settings.set('retention_task_bytes', 1)
  while (await retention.step());
  expect((await store.held()).count).toBe(1_000)
  expect(await store.verifyChain()).toMatchObject({ checked: 1_000, missing: [], changed: [], broken: [] })
})
