// The program of a thread that looks at one query of a database again and again, so that a slow one holds up nobody else.
import { statSync } from 'node:fs'
import type { MessagePort } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { RowWatch } from './row-watch.ts'

export interface WatchQueryInput {
  readonly kind: 'watch_query'
  readonly file: string
  readonly query: string
  readonly everyMs: number
  readonly key: string | null
  readonly tells: 'new_rows' | 'appears'
}

export type WatchQueryNews =
  | { readonly kind: 'looked' }
  | { readonly kind: 'rows'; readonly rows: readonly Record<string, unknown>[]; readonly total: number }
  | { readonly kind: 'problem'; readonly code: string; readonly message: string }

/** Rows of one look. */
const mostRows = 10_000

export function watchQuery(input: WatchQueryInput, port: MessagePort): void {
  const watch = new RowWatch(input)
  let database: Database.Database | null = null
  let file: number | null = null
  let version: unknown = null
  const send = (news: WatchQueryNews): void => port.postMessage(news)

  const close = (): void => {
    database?.close()
    database = null
    version = null
  }
  const look = (): void => {
    try {
      const { ino } = statSync(input.file)
      if (ino !== file) close()
      file = ino
      database ??= new Database(input.file, { readonly: true, fileMustExist: true, timeout: 1_000 })
      // Changes whenever another connection has written: most looks end here.
      const now = database.pragma('data_version', { simple: true })
      if (now === version) {
        send({ kind: 'looked' })
        return
      }
      const rows = read(database, input.query)
      version = now
      const fresh = watch.look(rows)
      send(fresh.length > 0 ? { kind: 'rows', rows: fresh, total: rows.length } : { kind: 'looked' })
    } catch (error) {
      // Locked or not there yet: the next look opens it anew.
      close()
      send(problemOf(error))
    }
  }
  const timer = setInterval(look, input.everyMs)
  port.once('message', () => {
    clearInterval(timer)
    close()
    port.close()
  })
  look()
}

function read(database: Database.Database, query: string): Record<string, unknown>[] {
  const statement = database.prepare<[], Record<string, unknown>>(query)
  if (!statement.reader || !statement.readonly) throw new QueryProblem('query_invalid', 'It is not a SELECT.')
  const rows: Record<string, unknown>[] = []
  for (const row of statement.iterate()) {
    if (rows.length === mostRows) throw new QueryProblem('too_many_rows', `It gives more than ${mostRows} rows.`)
    rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))
  }
  return rows
}

const plain = (value: unknown): unknown => (Buffer.isBuffer(value) ? value.toString('base64') : value)

class QueryProblem extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

function problemOf(error: unknown): WatchQueryNews {
  if (error instanceof QueryProblem) return { kind: 'problem', code: error.code, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Database.SqliteError ? error.code : ''
  return { kind: 'problem', code: code === 'SQLITE_ERROR' ? 'query_invalid' : 'database_unreadable', message }
}
