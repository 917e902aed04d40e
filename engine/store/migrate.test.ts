import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { expect, test } from 'vitest'
import { migrate, userVersion } from './migrate.ts'
import { connect, kyselyOver } from './sqlite.ts'
import { temporaryHome } from './test-store.ts'

const create = (table: string): Migration['up'] => {
  return async (db: Kysely<unknown>) => {
    await db.schema.createTable(table).addColumn('id', 'integer').execute()
  }
}

test('a migration that fails leaves the schema of the one before it, and can be tried again', async () => {
  using home = temporaryHome()
  const sqlite = connect(home.file('signalbox.db'))
  const tables = () => sqlite.prepare("select name from sqlite_schema where type = 'table'").pluck().all()
  const failing: Migration = {
    up: async (db: Kysely<unknown>) => {
      await create('second')(db)
      await sql`insert into nowhere values (1)`.execute(db)
    },
  }
  await expect(migrate(sqlite, kyselyOver(sqlite), [{ up: create('first') }, failing])).rejects.toThrow('nowhere')
  expect([userVersion(sqlite), tables()]).toEqual([1, ['first']])

  await migrate(sqlite, kyselyOver(sqlite), [{ up: create('first') }, { up: create('second') }])
  expect([userVersion(sqlite), tables()]).toEqual([2, ['first', 'second']])
  sqlite.close()
})
