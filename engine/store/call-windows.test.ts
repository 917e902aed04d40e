import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { TaskStatus } from '../../shared/task.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { newTask, newTaskId, serverId, statusEvent, storeWorker, temporaryHome } from './test-store.ts'

const at = (time: string): number => Date.parse(`2026-11-22T${time}Z`) / 1000
const hour = { from: at('14:00:00'), until: at('15:00:00'), step: 60, window: 60 } as const

interface Ended {
  tool?: string
  status?: TaskStatus
  ms?: number
  /** Time of day. */
  end: string
}

async function end(store: Store, ...ended: Ended[]): Promise<void> {
  for (const { tool = 'write_note', status = 'completed', ms = 40, end: time } of ended) {
    const row = newTask({ task_id: newTaskId(), action: tool })
    await store.tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
    const patch = { status, duration_ms: ms, finished_at: `2026-11-22T${time}Z` }
    await store.tasks.update(row.task_id, patch, [statusEvent(row.task_id, 2, status)])
  }
}

test('counts calls, errors and latency in the minute and the hour of their end, and still knows after a restart', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  {
    const { store } = await openStore({ file, worker: storeWorker })
    await using _ = store
    await end(
      store,
      { end: '14:07:01.000', ms: 10 },
      { end: '14:07:59.999', ms: 1000, status: 'failed' },
      { end: '14:09:00.000', ms: 100, tool: 'read_note' },
    )
  }
  const { store } = await openStore({ file, worker: storeWorker })
  await using _ = store
  // Into a minute that is there already.
  await end(store, { end: '14:07:30.000', ms: 10 }, { end: '14:07:30.000', status: 'cancelled', ms: 10 })
  const { total, points } = await store.metrics.calls(hour, {})
  expect(points.map(({ at, calls, errors }) => [at, calls, errors])).toEqual([
    [at('14:07:00'), 4, 1],
    [at('14:09:00'), 1, 0],
  ])
  expect(total).toMatchObject({ calls: 5, errors: 1 })
  expect(total.p50_ms).toBeLessThanOrEqual(10)
  expect(total.p95_ms).toBeGreaterThan(600)
  expect((await store.metrics.calls(hour, { server: 'notes', tool: 'read_note' })).total.calls).toBe(1)
  const inHours = await store.metrics.calls({ ...hour, step: 3600, window: 3600 }, {})
  expect(inHours.points).toEqual([{ at: at('14:00:00'), ...total }])
  expect(await store.metrics.tools(hour)).toMatchObject([
    { server: 'notes', tool: null, calls: 5 },
    { server: 'notes', tool: 'write_note', calls: 4, errors: 1 },
    { server: 'notes', tool: 'read_note', calls: 1 },
  ])
})

test('a program that is killed at any moment has counted what it has stored, no more and no less', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const writer = fork(fileURLToPath(new URL('./window-writer.ts', import.meta.url)), [file])
  const [acknowledged] = (await once(writer, 'message')) as [number]
  writer.kill('SIGKILL')
  await once(writer, 'exit')
  const { store } = await openStore({ file, worker: storeWorker })
  await using _ = store
  const { items } = await store.tasks.list({ limit: 1000 })
  const ended = items.filter(({ status }) => status === 'completed').length
  expect(ended).toBeGreaterThanOrEqual(acknowledged)
  expect((await store.metrics.calls(hour, {})).total.calls).toBe(ended)
})

test('a minute has rows for 500 tools of its own, and one for all that come later', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const tools = Array.from({ length: 510 }, (_, index) => ({ tool: `tool_${index}`, end: '14:07:00.000' }))
  await end(store, ...tools)
  const rows = (await store.metrics.tools(hour)).filter(({ tool }) => tool !== null)
  expect(rows.length).toBe(501)
  expect(rows[0]).toMatchObject({ tool: 'other', calls: 10 })
})

test('samples of a gauge are one row a minute, with their mean and their peak', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  const memory = { name: 'memory_mb', server: serverId('notes'), samples: 2, total: 30, most: 20 } as const
  await store.metrics.addGauges(at('14:07:00'), [memory])
  await store.metrics.addGauges(at('14:07:00'), [{ ...memory, samples: 1, total: 60, most: 60 }])
  await store.metrics.addGauges(at('14:08:00'), [{ ...memory, samples: 1, total: 10, most: 10 }])
  const row = { name: 'memory_mb', server: 'notes' }
  expect(await store.metrics.gauges(hour)).toEqual([
    { at: at('14:07:00'), ...row, samples: 3, total: 90, most: 60 },
    { at: at('14:08:00'), ...row, samples: 1, total: 10, most: 10 },
  ])
  expect(await store.metrics.gauges({ ...hour, step: 3600 })).toEqual([
    { at: at('14:00:00'), ...row, samples: 4, total: 100, most: 60 },
  ])
})

test('windows that are too old go, minutes before hours', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  await end(store, { end: '14:07:00.000' }, { end: '14:08:00.000' })
  // What is in the journal is counted by then.
  await store.tasks.count()
  const gone = await store.metrics.prune({ minutesS: at('14:08:00'), hoursS: at('14:00:00') })
  expect(gone).toBe(1)
  expect((await store.metrics.calls(hour, {})).total.calls).toBe(1)
  expect((await store.metrics.calls({ ...hour, step: 3600, window: 3600 }, {})).total.calls).toBe(2)
})
