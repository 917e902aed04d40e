import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openLogStore, openStore } from './open-store.ts'
import { preciousMigrations } from './precious-migrations.ts'
import { connect } from './sqlite.ts'
import { newRunId, newTask, serverId, statusEvent, storeWorker, temporaryHome } from './test-store.ts'

test('a reopened store has all that was written', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const row = newTask()
  const run = {
    id: newRunId(),
    server: serverId('notes'),
    pid: 7,
    started_at: '2026-11-22T14:00:00.000Z',
    ready_at: null,
    ended_at: null,
    exit_code: null,
    signal: null,
    cause: null,
    stderr_tail: null,
  }
  const events = [statusEvent(row.task_id, 1, 'queued'), statusEvent(row.task_id, 2, 'running')]
  {
    const { store, banner } = await openStore({ file, worker: storeWorker })
    await using _ = store
    expect(banner).toBeNull()
    await Promise.all([
      store.tasks.insert(row, events.slice(0, 1)),
      store.tasks.update(row.task_id, { status: 'running', sent: true }, events.slice(1)),
      store.servers.setWish(serverId('notes'), true),
      store.servers.insertRun(run),
      store.settings.set('theme', { mode: 'dark' }),
    ])
  }
  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  expect(banner).toBeNull()
  expect(await store.tasks.get(row.task_id)).toMatchObject({
    status: 'running',
    sent: true,
    parameters: row.parameters,
  })
  expect(await store.tasks.events(row.task_id)).toEqual(events)
  expect(await store.tasks.count()).toBe(1)
  expect(await store.servers.memories()).toEqual([{ id: 'notes', wished: true, last_call_at: null, last_error: null }])
  expect(await store.servers.runs(serverId('notes'), { limit: 10 })).toEqual({ items: [run], next_before: null })
  expect(await store.settings.get('theme')).toEqual({ mode: 'dark' })
  expect(await store.settings.get('never set')).toBeUndefined()
})

test('the file carries the mark of Signalbox and the number of its schema, in WAL', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const { store } = await openStore({ file, worker: storeWorker })
  await store[Symbol.asyncDispose]()
  const sqlite = connect(file, { readonly: true })
  expect(sqlite.pragma('application_id', { simple: true })).toBe(0x5369_676e)
  expect(sqlite.pragma('user_version', { simple: true })).toBe(preciousMigrations.length)
  expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal')
  sqlite.close()
})

test('a file that is no database is set aside whole, and a new store begins', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  writeFileSync(file, 'this is a text and has never been a database, however long it may get '.repeat(100))
  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  expect(await store.tasks.count()).toBe(0)
  const aside = readdirSync(home.path).find((name) => name.startsWith('signalbox.db.damaged-'))!
  expect(readFileSync(home.file(aside), 'utf8')).toContain('this is a text')
  expect(banner).toMatchObject({ code: 'store_damaged', severity: 'danger' })
  expect(banner!.message).toContain(aside)
})

test('pages overwritten before an unclean end are found, and the file is set aside', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  {
    const { store } = await openStore({ file, worker: storeWorker })
    await using _ = store
    const rows = Array.from({ length: 300 }, () => newTask({ parameters: { text: 'x'.repeat(500) } }))
    await Promise.all(rows.map((row) => store.tasks.insert(row, [])))
  }
  const handle = openSync(file, 'r+')
  for (let page = 10; page < 20; page++) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
  closeSync(handle)
  // What an app that died leaves behind.
  writeFileSync(`${file}-wal`, '')
  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  expect(banner?.code).toBe('store_damaged')
  expect(await store.tasks.count()).toBe(0)
})

test('damage that is met in use has the file set aside at the next start, even after a clean end', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  // More than the store's connection keeps in memory.
  const rows = Array.from({ length: 1_000 }, () => newTask({ parameters: { text: 'x'.repeat(8_000) } }))
  {
    const { store } = await openStore({ file, worker: storeWorker })
    await using _ = store
    await Promise.all(rows.map((row) => store.tasks.insert(row, [])))
  }
  {
    const { store, banner } = await openStore({ file, worker: storeWorker })
    await using _ = store
    expect(banner).toBeNull()
    const handle = openSync(file, 'r+')
    for (let page = 3; page < 600; page++) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
    closeSync(handle)
    const reading = Promise.all(rows.map((row) => store.tasks.get(row.task_id)))
    await expect(reading).rejects.toMatchObject({ code: 'store_damaged' })
  }
  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  expect(banner?.code).toBe('store_damaged')
  expect(readdirSync(home.path).filter((name) => name.endsWith('.suspect'))).toEqual([])
})

test.skipIf(process.platform === 'win32')('nobody else can read the files', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  await store.settings.set('key', 'value')
  const modes = readdirSync(home.path).map((name) => [name, statSync(home.file(name)).mode & 0o777])
  expect(Object.fromEntries(modes)).toEqual({
    'signalbox.db': 0o600,
    'signalbox.db-shm': 0o600,
    'signalbox.db-wal': 0o600,
    'signalbox.db.mark': 0o600,
    'disk-reserve': 0o600,
  })
})

test('a store of a newer Signalbox is read and never written', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const row = newTask()
  {
    const { store } = await openStore({ file, worker: storeWorker })
    await using _ = store
    await store.tasks.insert(row, [])
  }
  const sqlite = connect(file)
  sqlite.pragma('user_version = 99')
  sqlite.close()

  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  expect(banner?.code).toBe('newer_schema')
  expect(await store.tasks.get(row.task_id)).toMatchObject({ task_id: row.task_id })
  await expect(store.tasks.insert(newTask(), [])).rejects.toMatchObject({ code: 'store_read_only' })
})

test('a database of another program is refused and left as it is', async () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const sqlite = connect(file)
  sqlite.exec('create table bookmarks (url text)')
  sqlite.close()
  const before = readFileSync(file)
  await expect(openStore({ file, worker: storeWorker })).rejects.toMatchObject({ code: 'foreign_database' })
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a home that is a file is named', async () => {
  using home = temporaryHome()
  writeFileSync(home.file('home'), '')
  const opening = openLogStore({ file: home.file('home/logs.db'), worker: storeWorker })
  await expect(opening).rejects.toMatchObject({ code: 'home_not_a_folder' })
})

test('calls after the close are refused', async () => {
  using home = temporaryHome()
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await store[Symbol.asyncDispose]()
  await expect(store.tasks.count()).rejects.toMatchObject({ code: 'store_closed' })
})
