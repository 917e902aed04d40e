import { expect, test } from 'vitest'
import { uuidV7 } from '../../shared/ids.ts'
import { isoNow } from '../../shared/iso-now.ts'
import type { TaskEvent } from '../../shared/task.ts'
import { numberedByStore } from './event-number.ts'
import { statusEvent } from './implied-events.ts'
import { readSegment, segmentFiles } from './journal-folder.ts'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'
import { newTask, storeWorker, temporaryHome } from './test-store.ts'

async function withStore(home: ReturnType<typeof temporaryHome>, use: (store: Store) => Promise<void>): Promise<void> {
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  await use(store)
}

/** A call as the gateway records it, without an entry of its time line. */
async function begin({ calls }: Store) {
  const { parameters, ...row } = newTask({ created_at: isoNow() })
  await calls.begin(row, JSON.stringify(parameters), { started_at: row.created_at, run_id: null }, true)
  return row
}

function note(task_id: TaskEvent['task_id'], number: number): TaskEvent {
  return { id: uuidV7(), task_id, number, at: isoNow(), offset_ms: 1, kind: 'late_answer', data: { after_ms: 5 } }
}

test('a call of two records has the time line that was told while it ran, now and after a restart', async () => {
  using home = temporaryHome()
  let told: TaskEvent[] = []
  await withStore(home, async (store) => {
    const { task_id, created_at } = await begin(store)
    const first = statusEvent(task_id, 1, 'running', created_at, 0)
    expect(await store.tasks.events(task_id)).toEqual([first])
    const finished_at = isoNow()
    await store.calls.end(task_id, { status: 'completed', finished_at, duration_ms: 2.5 }, '{"content":[]}', [], true)
    told = [first, statusEvent(task_id, 2, 'completed', finished_at, 2.5)]
    expect(await store.tasks.events(task_id)).toEqual(told)
    expect(await store.tasks.events(task_id, 1)).toEqual(told.slice(1))
    expect(await store.tasks.events(task_id, 2)).toEqual([])
    expect(new Set([task_id, ...told.map(({ id }) => id)]).size).toBe(3)
  })
  await withStore(home, async ({ tasks }) => {
    expect(await tasks.events(told[0]!.task_id)).toEqual(told)
  })
})

test('arguments and results of several lines are on record, in the journal and in the tables', async () => {
  using home = temporaryHome()
  await withStore(home, async (store) => {
    const { parameters: _, ...row } = newTask({ created_at: isoNow() })
    const sent = { started_at: row.created_at, run_id: null }
    await store.calls.begin(row, '{\n  "a": "b\\nc",\r\n  "d": 1\n}', sent, true)
    const end = { status: 'completed', finished_at: isoNow(), duration_ms: 1 } as const
    await store.calls.end(row.task_id, end, '{\n"content": [\n]\n}', [], true)
    const [segment] = segmentFiles(home.file('journal'))
    expect(readSegment(segment!)).toMatchObject({ damaged: 0, records: [{}, {}] })
    expect(await store.tasks.get(row.task_id)).toMatchObject({
      status: 'completed',
      parameters: { a: 'b\nc', d: 1 },
      result: { content: [] },
    })
  })
})

test('what comes after the end goes on from the entries that nobody wrote down', async () => {
  using home = temporaryHome()
  await withStore(home, async (store) => {
    const { task_id } = await begin(store)
    await store.calls.end(task_id, { status: 'timed_out', finished_at: isoNow(), duration_ms: 2 }, null, [], true)
    await store.tasks.addEvents([note(task_id, numberedByStore)])
    const events = await store.tasks.events(task_id)
    expect(events.map(({ number, kind }) => [number, kind])).toEqual([
      [1, 'status'],
      [2, 'status'],
      [3, 'late_answer'],
    ])
  })
})

test('an end that something came before is told once, as it was written', async () => {
  using home = temporaryHome()
  await withStore(home, async (store) => {
    const { task_id } = await begin(store)
    await store.tasks.addEvents([note(task_id, 2)])
    const finished_at = isoNow()
    const end = statusEvent(task_id, 3, 'failed', finished_at, 9)
    await store.calls.end(task_id, { status: 'failed', finished_at, duration_ms: 9 }, null, [end], true)
    expect((await store.tasks.events(task_id)).map(({ number, data }) => [number, data.status])).toEqual([
      [1, 'running'],
      [2, undefined],
      [3, 'failed'],
    ])
  })
})

test('a call that ran when the app died is told to have run, and then to have been interrupted', async () => {
  using home = temporaryHome()
  await withStore(home, async (store) => {
    const { task_id } = await begin(store)
    await store.tasks.interruptOpen(isoNow())
    expect((await store.tasks.events(task_id)).map(({ number, data }) => [number, data.status])).toEqual([
      [1, 'running'],
      [2, 'interrupted'],
    ])
  })
})
