import { expect, test } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { newTask, storeWorker, temporaryHome } from '../store/test-store.ts'
import { WindowRetention } from './window-retention.ts'

const dayMs = 86_400_000
const today = Date.parse('2026-11-22T12:00:00.000Z')

async function filled() {
  const home = temporaryHome()
  const stack = new AsyncDisposableStack()
  stack.use(home)
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  stack.use(store)
  // A call and a sample in the middle of each of the last ten days.
  for (let day = 0; day < 10; day++) {
    const at = today - day * dayMs
    await call(store, at)
    await sample(store, at)
  }
  // A read waits until what was acknowledged is in the tables.
  await store.tasks.count()
  return { store, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function call(store: Store, atMs: number): Promise<void> {
  const row = newTask()
  const finished_at = new Date(atMs).toISOString()
  await store.tasks.insert(row, [])
  await store.tasks.update(row.task_id, { status: 'completed', finished_at, duration_ms: 5 }, [])
}

const sample = ({ metrics }: Store, atMs: number): Promise<void> =>
  metrics.addGauges(atMs / 1000, [{ name: 'tasks_running', server: '', samples: 1, total: 2, most: 2 }])

/** Windows with calls, all of their calls, and windows with samples. */
async function held({ metrics }: Store, window: 60 | 3600) {
  const span = { from: 0, until: 1e11, step: window, window }
  const { total, points } = await metrics.calls(span, {})
  return { points: points.length, calls: total.calls, samples: (await metrics.gauges(span)).length }
}

const whole = { points: 10, calls: 10, samples: 10 }
const twoDays = { points: 3, calls: 3, samples: 3 }

const opened = (store: Store, clock: { now: number; elapsed: number }) =>
  WindowRetention.open({
    repo: store.metrics,
    settings: store.settings,
    now: () => clock.now,
    elapsed: () => clock.elapsed,
  })

test('minutes go after two days and hours stay', async () => {
  await using parts = await filled()
  const retention = await opened(parts.store, { now: today, elapsed: 0 })
  await retention.prune()
  expect(await held(parts.store, 60)).toEqual(twoDays)
  expect(await held(parts.store, 3600)).toEqual(whole)
})

test.each([
  ['ten years ahead', 3650],
  ['three months ahead', 95],
  ['ten years back', -3650],
])('a clock that jumps %s while it runs, or before it starts, removes and doubles nothing', async (_, days) => {
  await using parts = await filled()
  const { store } = parts
  // An earlier life, when the clock was right and the first of the ten days was today.
  const clock = { now: today - 9 * dayMs, elapsed: 0 }
  await (await opened(store, clock)).prune()
  const running = await opened(store, clock)
  clock.now += days * dayMs
  await running.prune()
  for (let start = 0; start < 3; start++) await (await opened(store, clock)).prune()
  expect([await held(store, 60), await held(store, 3600)]).toEqual([whole, whole])
  // What is counted by the wrong clock has windows of its own, and what comes after it those that it belongs to.
  await call(store, clock.now)
  await sample(store, clock.now)
  await call(store, today)
  await sample(store, today)
  expect(await held(store, 60)).toEqual({ points: 11, calls: 12, samples: 11 })
})

test('time in which nothing ran is caught up with', async () => {
  await using parts = await filled()
  const { store } = parts
  const clock = { now: today - 9 * dayMs, elapsed: 0 }
  await (await opened(store, clock)).prune()
  const running = await opened(store, clock)
  clock.now = today
  await running.prune()
  expect(await held(store, 60)).toEqual(whole)
  clock.elapsed = 5 * dayMs
  await running.prune()
  expect(await held(store, 60)).toEqual(twoDays)
})
