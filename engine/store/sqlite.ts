import SqliteDatabase from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'

export type Sqlite = SqliteDatabase.Database

const statementsKept = 200

/** A Kysely over one connection, which keeps its prepared statements. The connection stays the caller's to close. */
export function kyselyOver<Schema>(sqlite: Sqlite): Kysely<Schema> {
  const statements = new Map<string, SqliteDatabase.Statement>()
  const prepare = (text: string): SqliteDatabase.Statement => {
    const known = statements.get(text)
    if (known) return known
    if (statements.size >= statementsKept) statements.clear()
    const statement = sqlite.prepare(text)
    statements.set(text, statement)
    return statement
  }
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: { prepare, close: () => sqlite.close() } }) })
}

export function connect(file: string, options: { readonly?: boolean } = {}): Sqlite {
  return new SqliteDatabase(file, { readonly: options.readonly ?? false, timeout: 5_000 })
}
