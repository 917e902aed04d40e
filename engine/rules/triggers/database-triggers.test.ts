import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { expect, test } from 'vitest'
import type { TriggerOf } from '../../../shared/rule.ts'
import { storeWorker } from '../../store/test-store.ts'
import { PostgresTrigger } from './postgres-trigger.ts'
import { SqliteTrigger } from './sqlite-trigger.ts'
import { openPostgres, postgresBinaries } from './test-postgres.ts'
import { heardBus, ruleWith } from './test-rule.ts'

async function database() {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-db-'))
  const file = join(folder, 'orders.db')
  const sqlite = new Database(file)
  sqlite.pragma('journal_mode = WAL')
  sqlite.exec('create table orders (id integer primary key, state text)')
  sqlite.exec("insert into orders values (1, 'paid')")
  return {
    file,
    sqlite,
    [Symbol.asyncDispose]: async () => {
      sqlite.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function watching(trigger: Record<string, unknown>) {
  const heard = heardBus()
  const rule = ruleWith({ kind: 'sqlite', every_s: 0.2, ...trigger })
  let changed = Promise.withResolvers<void>()
  const onChange = (): void => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const source = new SqliteTrigger(
    rule,
    rule.trigger as TriggerOf<'sqlite'>,
    { bus: heard.bus, worker: storeWorker },
    onChange,
  )
  await source.watching
  return { source, heard, changed: () => changed.promise }
}

test('each row that is new is told once, by its key, and the file is never written', async () => {
  await using db = await database()
  const { source, heard } = await watching({ file: db.file, query: 'select id, state from orders', key: 'id' })
  await using _source = source
  db.sqlite.exec("insert into orders values (2, 'open'), (3, 'open')")
  expect((await heard.next()).payload).toMatchObject({ source: 'sqlite', row: { id: 2, state: 'open' }, rows: 3 })
  expect((await heard.next()).payload).toMatchObject({ row: { id: 3 } })
  db.sqlite.exec("update orders set state = 'sent' where id = 2")
  db.sqlite.exec("insert into orders values (4, 'open')")
  expect((await heard.next()).payload).toMatchObject({ row: { id: 4 } })
  expect(heard.heard.every(({ name }) => name === 'db.record.created')).toBe(true)
})

test('an alert is told once when there are rows after there were none', async () => {
  await using db = await database()
  const query = "select * from orders where state = 'stuck'"
  const { source, heard } = await watching({ file: db.file, query, emits: 'db.alert.triggered' })
  await using _source = source
  const stuck = db.sqlite.prepare("update orders set state = 'stuck'")
  stuck.run()
  expect(await heard.next()).toMatchObject({ name: 'db.alert.triggered', payload: { row: { id: 1 }, rows: 1 } })
})

test.each([
  ['delete from orders', 'query_invalid'],
  ['select nothing from orders', 'query_invalid'],
])('what is no query that reads is a problem: %s', async (query, code) => {
  await using db = await database()
  const { source } = await watching({ file: db.file, query })
  await using _source = source
  expect(source.problem).toMatchObject({ code })
  expect(db.sqlite.prepare('select count(*) from orders').pluck().get()).toBe(1)
})

test('a file that is not there is a problem until it is', async () => {
  await using db = await database()
  const { source } = await watching({ file: join(db.file, '..', 'none.db'), query: 'select 1' })
  await using _source = source
  expect(source.problem).toMatchObject({ code: 'database_unreadable' })
})

const binaries = await postgresBinaries()

test.skipIf(binaries === null)('a PostgreSQL channel is heard, and heard again after the server was gone', async () => {
  await using server = await openPostgres(binaries!)
  const heard = heardBus()
  const rule = ruleWith({ kind: 'postgres', connection: 'postgres://postgres@test/postgres', channel: 'Orders "new"' })
  let changed = Promise.withResolvers<void>()
  const onChange = (): void => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const fill = async () => server.url
  await using source = new PostgresTrigger(
    rule,
    rule.trigger as TriggerOf<'postgres'>,
    { bus: heard.bus, fill, random: () => 0 },
    onChange,
  )
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await changed.promise
  }
  const notify = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query('select pg_notify($1, $2)', ['Orders "new"', text])
    await client.end()
  }
  await until(() => source.problem === null)
  await notify('{"id": 7}')
  expect((await heard.next()).payload).toMatchObject({
    source: 'postgres',
    name: 'Orders "new"',
    row: { id: 7 },
    rows: 1,
  })

  await server.stop()
  await until(() => source.problem?.code === 'postgres_unreachable')
  await server.start()
  await until(() => source.problem === null)
  await notify('plain words')
  expect((await heard.next()).payload).toMatchObject({ row: 'plain words' })
})
