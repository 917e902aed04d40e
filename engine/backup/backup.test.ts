import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../store/open-store.ts'
import { connect } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import { newTask, statusEvent, storeWorker, temporaryHome } from '../store/test-store.ts'
import { addPart, makeArchive, sealArchive } from './archive.ts'
import { createBackup } from './create-backup.ts'
import { restoreBackup } from './restore-backup.ts'

type Home = ReturnType<typeof temporaryHome>
const now = new Date('2026-11-22T16:00:00.000Z')

async function withStore<T>(home: Home, use: (store: Store) => Promise<T>): Promise<T> {
  const { store, banner } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await using _ = store
  expect(banner).toBeNull()
  return await use(store)
}

async function complete({ tasks }: Store): Promise<string> {
  const row = newTask()
  await tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
  await tasks.update(row.task_id, { status: 'completed' }, [])
  return row.task_id
}

test('a backup of a store in use brings everything back, here and elsewhere, but no token', async () => {
  using home = temporaryHome()
  using other = temporaryHome()
  writeFileSync(home.file('mcp.json'), '{"mcpServers":{}}')
  writeFileSync(home.file('token'), 'secret token')
  const file = other.file('backup')
  const id = await withStore(home, async (store) => {
    const first = await complete(store)
    createBackup(home.path, file)
    await complete(store)
    return first
  })
  expect(readFileSync(file).includes('secret token')).toBe(false)

  const { before, parts } = restoreBackup(file, home.path, now)
  expect(parts).toEqual(expect.arrayContaining(['mcp.json', 'signalbox.db']))
  expect(readdirSync(before)).toEqual(expect.arrayContaining(['mcp.json', 'signalbox.db']))
  await withStore(home, async (store) => {
    expect((await store.tasks.list({ limit: 10 })).items.map((task) => task.task_id)).toEqual([id])
    expect(await store.verifyChain()).toEqual({ checked: 1, missing: [], changed: [], broken: [] })
  })
})

test('a damaged backup changes nothing', async () => {
  using home = temporaryHome()
  await withStore(home, complete)
  const file = home.file('backup')
  createBackup(home.path, file)
  const bytes = readFileSync(file)
  const at = bytes.indexOf('Milk')
  bytes[at] = bytes[at]! ^ 1
  writeFileSync(file, bytes)
  const before = readdirSync(home.path)
  expect(() => restoreBackup(file, home.path, now)).toThrow(expect.objectContaining({ code: 'backup_damaged' }))
  expect(() => restoreBackup(join(home.path, 'nothing'), home.path, now)).toThrow(/no file/)
  expect(readdirSync(home.path)).toEqual(before)
})

test('a backup whose database is none is damaged, however whole its bytes are', () => {
  using home = temporaryHome()
  using other = temporaryHome()
  writeFileSync(other.file('signalbox.db'), 'no database')
  const file = other.file('backup')
  const archive = connect(file)
  makeArchive(archive)
  addPart(archive, 'signalbox.db', other.file('signalbox.db'))
  sealArchive(archive, other.path, now)
  archive.close()
  expect(() => restoreBackup(file, home.path, now)).toThrow(expect.objectContaining({ code: 'backup_damaged' }))
  expect(readdirSync(home.path)).toEqual([])
})

test('nothing in a backup of another home brings its agreements back once they are taken out', async () => {
  using home = temporaryHome()
  using other = temporaryHome()
  writeFileSync(home.file('token'), 'one')
  writeFileSync(other.file('token'), 'another')
  await withStore(home, complete)
  const insert = "insert into consents values ('evil', '', '{}', null, '', '')"
  const planted = connect(home.file('signalbox.db'))
  planted.exec('alter table consents rename to other; alter table other rename to CONSENTS')
  planted.exec(`${insert}; create trigger back after delete on consents begin ${insert}; end`)
  planted.exec('create view "two "" words" as select 1 as one')
  planted.exec('create trigger instead instead of delete on "two "" words" begin select 1; end')
  planted.close()
  const file = other.file('backup')
  createBackup(home.path, file)
  expect(restoreBackup(file, other.path, now).isOwn).toBe(false)
  const restored = connect(other.file('signalbox.db'), { readonly: true })
  expect(restored.prepare('select * from consents').all()).toEqual([])
  expect(restored.prepare("select name from sqlite_schema where type in ('trigger', 'view')").all()).toEqual([])
  restored.close()
})
