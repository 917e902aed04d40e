import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Sqlite } from './sqlite.ts'

/**
 * Brings a database up to the last migration. `user_version` is the number of those applied, and changes in the
 * transaction of the migration itself: a kill at any moment leaves a whole schema. (Kysely's own Migrator runs
 * without transactions on SQLite.)
 */
export async function migrate(sqlite: Sqlite, db: Kysely<never>, migrations: readonly Migration[]): Promise<void> {
  const applied = userVersion(sqlite)
  for (const [index, migration] of migrations.entries()) {
    if (index < applied) continue
    sqlite.exec('begin immediate')
    try {
      await migration.up(db)
      sqlite.pragma(`user_version = ${index + 1}`)
      sqlite.exec('commit')
    } catch (error) {
      if (sqlite.inTransaction) sqlite.exec('rollback')
      throw error
    }
  }
}

export function userVersion(sqlite: Sqlite): number {
  return Number(sqlite.pragma('user_version', { simple: true }))
}
