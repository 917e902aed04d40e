import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { uuidV7 } from '../../shared/ids.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { Journal } from './journal.ts'
import { segmentFiles } from './journal-folder.ts'
import { encodeRecord } from './journal-record.ts'
import { openStore } from './open-store.ts'
import { connect } from './sqlite.ts'
import type { NewTaskRow, Store } from './store.ts'
import { newTask, newTaskId, statusEvent, storeWorker, temporaryHome } from './test-store.ts'

type Home = ReturnType<typeof temporaryHome>

async function withStore<T>(home: Home, use: (store: Store, banner: Banner | null) => Promise<T>): Promise<T> {
  const { store, banner } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  return await use(store, banner)
}

/** What an app leaves that died right after its appends: records in the journal that the tables do not hold. */
function leaveInJournal(home: Home, rows: NewTaskRow[]): string {
  const sqlite = connect(home.file('signalbox.db'))
  const fact = (name: string) => sqlite.prepare('select value from store_facts where name = ?').pluck().get(name)
  const [store, position] = [String(fact('store_id')), Number(fact('journal_position') ?? 0)]
  sqlite.close()
  using journal = new Journal({ folder: home.file('journal'), store, position })
  for (const row of rows) {
    journal.append({ kind: 'insert', row, events: [statusEvent(row.task_id, 1, 'queued')] })
    const end = statusEvent(row.task_id, 2, 'completed')
    journal.append({ kind: 'update', id: row.task_id, patch: { status: 'completed' }, events: [end] })
  }
  return segmentFiles(home.file('journal'))[0]!
}

const ids = (rows: NewTaskRow[]): string[] => rows.map((row) => row.task_id)
const stored = async ({ tasks }: Store): Promise<string[]> =>
  (await tasks.list({ limit: 1000 })).items.map((task) => task.task_id).sort()

test('what is only in the journal is in the store after the next opening, once', async () => {
  using home = temporaryHome()
  await withStore(home, async () => {})
  const rows = [newTask(), newTask(), newTask()]
  const segment = leaveInJournal(home, rows)
  const bytes = readFileSync(segment)
  await withStore(home, async (store, banner) => {
    expect(banner).toBeNull()
    expect(await stored(store)).toEqual(ids(rows))
    expect((await store.tasks.facets({})).status).toEqual([{ value: 'completed', count: 3 }])
    expect((await store.tasks.events(rows[0]!.task_id)).map((event) => event.number)).toEqual([1, 2])
  })
  expect(segmentFiles(home.file('journal'))).toEqual([])

  // An app that died between the commit and the end of the segment.
  writeFileSync(segment, bytes)
  await withStore(home, async (store, banner) => {
    expect(banner).toBeNull()
    expect(await stored(store)).toEqual(ids(rows))
    expect(await store.verifyChain()).toEqual({ checked: 3, missing: [], changed: [], broken: [] })
  })
})

test('a torn last record is dropped, all before it are kept', async () => {
  using home = temporaryHome()
  await withStore(home, async () => {})
  const rows = [newTask(), newTask()]
  const segment = leaveInJournal(home, rows)
  truncateSync(segment, statSync(segment).size - 40)
  await withStore(home, async (store, banner) => {
    expect(banner).toBeNull()
    expect((await store.tasks.facets({})).status).toEqual([
      { value: 'completed', count: 1 },
      { value: 'queued', count: 1 },
    ])
  })
})

test('a damaged record in the middle is told and kept, and the others are taken', async () => {
  using home = temporaryHome()
  await withStore(home, async () => {})
  const rows = [newTask(), newTask()]
  const segment = leaveInJournal(home, rows)
  const lines = readFileSync(segment, 'utf8').split('\n')
  lines[2] = lines[2]!.replace('completed', 'complEted')
  writeFileSync(segment, lines.join('\n'))
  await withStore(home, async (store, banner) => {
    expect(banner?.code).toBe('journal_incomplete')
    expect(await store.tasks.count()).toBe(2)
  })
  expect(readdirSync(home.file('journal')).filter((name) => name.endsWith('.damaged'))).toHaveLength(1)
})

test('the journal of a store that is gone is brought into the new one', async () => {
  using home = temporaryHome()
  await withStore(home, async ({ tasks }) => {
    await tasks.insert(newTask(), [])
  })
  const rows = [newTask(), newTask()]
  leaveInJournal(home, rows)
  writeFileSync(home.file('signalbox.db'), 'no database at all '.repeat(500))
  await withStore(home, async (store, banner) => {
    expect(banner?.code).toBe('store_damaged')
    expect(await stored(store)).toEqual(ids(rows))
  })
})

test('half a record that a full disk took is passed over', async () => {
  using home = temporaryHome()
  await withStore(home, async () => {})
  const [first, second] = [newTask(), newTask()]
  const segment = leaveInJournal(home, [first])
  const line = encodeRecord({ number: 3, write: { kind: 'insert', row: newTask(), events: [] } })
  appendFileSync(segment, line.slice(0, line.length / 2))
  const sqlite = connect(home.file('signalbox.db'))
  const store = String(sqlite.prepare("select value from store_facts where name = 'store_id'").pluck().get())
  sqlite.close()
  using journal = new Journal({ folder: home.file('journal'), store, position: 2 })
  journal.append({ kind: 'insert', row: second, events: [] })
  journal[Symbol.dispose]()
  await withStore(home, async (opened) => {
    expect(await stored(opened)).toEqual(ids([first, second]))
  })
})

test('a long journal is cut into segments that go once the tables hold them', async () => {
  using home = temporaryHome()
  const journal = new Journal({ folder: home.file('journal'), store: uuidV7(), position: 0, segmentBytes: 2_000 })
  for (let count = 0; count < 50; count++) journal.append({ kind: 'insert', row: newTask(), events: [] })
  const all = segmentFiles(home.file('journal'))
  expect(all.length).toBeGreaterThan(5)
  journal.committed(25)
  expect(segmentFiles(home.file('journal')).length).toBeLessThan(all.length)
  journal.committed(50)
  journal[Symbol.dispose]()
  expect(segmentFiles(home.file('journal'))).toEqual([])
})

test('tasks survive a power cut when that is chosen, at once and after the next opening', async () => {
  using home = temporaryHome()
  await withStore(home, async ({ settings, tasks, synchronous }) => {
    expect(await synchronous()).toEqual({ tasks: 1, settings: 2 })
    await settings.set('tasks_survive_power_cut', true)
    expect(await synchronous()).toEqual({ tasks: 2, settings: 2 })
    const rows = Array.from({ length: 20 }, () => newTask())
    await Promise.all(rows.map((row) => tasks.insert(row, [])))
  })
  await withStore(home, async ({ tasks, synchronous }) => {
    expect(await tasks.count()).toBe(20)
    expect(await synchronous()).toEqual({ tasks: 2, settings: 2 })
    await expect(tasks.insert(newTask({ task_id: newTaskId() }), [])).resolves.toBeUndefined()
  })
})

test('what was recorded reaches the tables though no lull comes, and what is much goes at once', async () => {
  using home = temporaryHome()
  await withStore(home, async ({ tasks }) => {
    const reader = connect(home.file('signalbox.db'), { readonly: true })
    const rows = (): number => Number(reader.prepare('select count(*) from agent_tasks').pluck().get())
    while (rows() === 0) {
      await tasks.insert(newTask(), [])
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const parameters = { text: 'x'.repeat(100_000) }
    const before = rows()
    // No timer comes in between.
    for (let count = 0; count < 60; count++) await tasks.insert(newTask({ parameters }), [])
    const { promise: passed, resolve } = Promise.withResolvers<void>()
    const looking = setInterval(() => rows() > before && resolve(), 10)
    await passed
    clearInterval(looking)
    reader.close()
  })
})
