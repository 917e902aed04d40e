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

/** The code of an error of SQLite, for example `SQLITE_FULL`, or of the system, for example `EACCES`; else null. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
