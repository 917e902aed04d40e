import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'
import { connect } from './sqlite.ts'
import { storeError } from './store-errors.ts'
import { storeWorker, temporaryHome } from './test-store.ts'

function thrownBy(act: () => void): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('a full disk is told as one, with what to do', () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const sqlite = connect(file)
  sqlite.exec('create table rows (text text)')
  sqlite.pragma('max_page_count = 4')
  const error = thrownBy(() => sqlite.exec('insert into rows select hex(zeroblob(100000))'))
  sqlite.close()
  expect(storeError(error, file)).toMatchObject({ code: 'disk_full', status: 507, hint: expect.any(String) })
})

test('a database that another program holds is told as one', () => {
  using home = temporaryHome()
  const file = home.file('signalbox.db')
  const holder = connect(file)
  holder.exec('begin exclusive')
  const other = connect(file)
  other.pragma('busy_timeout = 0')
  const error = thrownBy(() => other.exec('begin immediate'))
  holder.close()
  other.close()
  expect(storeError(error, file)).toMatchObject({ code: 'store_busy' })
})

test.skipIf(process.platform === 'win32')('a home that may not be written is told as one', async () => {
  using home = temporaryHome()
  chmodSync(home.path, 0o555)
  // Permissions do not bind root, but nobody can make a folder there.
  const file = process.getuid?.() === 0 ? '/sys/signalbox/signalbox.db' : home.file('signalbox.db')
  const opening = openStore({ file, worker: storeWorker })
  await expect(opening).rejects.toMatchObject({ code: 'home_read_only', hint: expect.stringContaining('--home') })
  chmodSync(home.path, 0o755)
})

test('a worker that cannot be loaded rejects the opening', async () => {
  using home = temporaryHome()
  const opening = openStore({ file: home.file('signalbox.db'), worker: home.file('missing.mjs') })
  await expect(opening).rejects.toMatchObject({ code: 'store_died' })
})

test('a worker that dies rejects the calls that wait and those that come', async () => {
  using home = temporaryHome()
  const dying = fileURLToPath(new URL('./dying-worker.ts', import.meta.url))
  const { store } = await openStore({ file: home.file('signalbox.db'), worker: dying })
  await expect(store.tasks.count()).rejects.toMatchObject({ code: 'store_died' })
  await expect(store.tasks.count()).rejects.toMatchObject({ code: 'store_died' })
  await store[Symbol.asyncDispose]()
  const { store: sound } = await openStore({ file: home.file('signalbox.db'), worker: storeWorker })
  await sound[Symbol.asyncDispose]()
})
