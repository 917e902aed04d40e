import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Banner } from '../../shared/snapshot.ts'
import { Journal } from './journal.ts'
import { segmentFiles } from './journal-folder.ts'
import { openStore } from './open-store.ts'
import { connect } from './sqlite.ts'
import { newTask, storeWorker, temporaryHome } from './test-store.ts'

const sent = { started_at: new Date().toISOString(), run_id: null }

test('a record that is no JSON holds up none behind it: it is set aside and told', async () => {
  using home = temporaryHome()
  const told: (Banner | null)[] = []
  const options = { file: home.file('signalbox.db'), worker: storeWorker }
  const { store } = await openStore({ ...options, onBanner: (banner) => told.push(banner) })
  const [before, broken, after] = [newTask(), newTask(), newTask()]
  {
    await using _ = store
    const written = [
      store.calls.begin(before, '{}', sent, false),
      store.calls.begin(broken, '{"text":"cut', sent, false),
      store.calls.begin(after, '{}', sent, false),
    ]
    await Promise.all(written)
    expect((await store.tasks.list({ limit: 10 })).items.map((task) => task.task_id).sort()).toEqual(
      [before.task_id, after.task_id].sort(),
    )
    // The last of a batch, and alone in it.
    await store.calls.begin(newTask(), '{"text":"cut', sent, true)
    expect(await store.tasks.count()).toBe(2)
    const last = newTask()
    await store.tasks.insert(last, [])
    expect((await store.tasks.get(last.task_id))?.task_id).toBe(last.task_id)
  }
  expect(told.map((banner) => banner?.code)).toEqual(['journal_incomplete', 'journal_incomplete'])
  const aside = readFileSync(home.file('journal/refused.ndjson'), 'utf8').trim().split('\n')
  expect(aside.map((line) => JSON.parse(line).code)).toEqual(['record_unreadable', 'record_unreadable'])
  expect(aside[0]).toContain(broken.task_id)
  expect(segmentFiles(home.file('journal'))).toEqual([])
})

test('a journal with a whole record that is no JSON opens, with all others of it, and is kept', async () => {
  using home = temporaryHome()
  const options = { file: home.file('signalbox.db'), worker: storeWorker }
  {
    await using _ = (await openStore(options)).store
  }
  const sqlite = connect(options.file)
  const id = String(sqlite.prepare("select value from store_facts where name = 'store_id'").pluck().get())
  sqlite.close()
  const rows = [newTask(), newTask()]
  {
    using journal = new Journal({ folder: home.file('journal'), store: id, position: 0 })
    journal.append({ kind: 'insert', row: rows[0]!, events: [] })
    journal.append({ kind: 'insert', row: rows[1]!, events: [] })
  }
  const body = '{"number":3,"write":{"kind":'
  const [segment] = segmentFiles(home.file('journal'))
  appendFileSync(segment!, `${crc32(body).toString(16).padStart(8, '0')} ${body}\n`)
  const { store, banner } = await openStore(options)
  await using _ = store
  expect(banner).toMatchObject({ code: 'journal_incomplete', message: expect.stringContaining('1 damaged') })
  expect(await store.tasks.count()).toBe(2)
  expect(readdirSync(home.file('journal')).filter((name) => name.endsWith('.damaged'))).toHaveLength(1)
})
