import { readLines, type TaskWrite, type UnreadableRecord } from './journal-record.ts'
import type { Sqlite } from './sqlite.ts'
import { isOfRow, storeError } from './store-errors.ts'
import { StoreFacts } from './store-facts.ts'
import type { TaskWriter } from './task-writer.ts'

export interface NumberedWrite {
  number: number
  write: TaskWrite
}

/** A record that the database does not take, ever: it is kept, and told. */
export interface RefusedRecord {
  number: number
  code: string
  message: string
  /** The line of one that cannot be read. */
  write: TaskWrite | string
}

export interface JournalRepo {
  /** Brings records into the tables, given as lines of the journal; those that are there already change nothing. */
  apply(lines: Uint8Array): Promise<RefusedRecord[]>
}

const unread = { code: 'record_unreadable', message: 'The record is no JSON' }

/** Brings the journal's records into the tables, each exactly once, whatever is handed in twice. */
export class SqlJournalRepo implements JournalRepo {
  readonly #sqlite: Sqlite
  readonly #writer: TaskWriter
  readonly #facts: StoreFacts

  constructor(sqlite: Sqlite, writer: TaskWriter) {
    this.#sqlite = sqlite
    this.#writer = writer
    this.#facts = new StoreFacts(sqlite)
  }

  async apply(lines: Uint8Array): Promise<RefusedRecord[]> {
    const { records, unreadable } = readLines(lines)
    return this.applyRecords(records, unreadable)
  }

  /** In the caller's transaction, with the new position: a kill leaves both or none. */
  applyRecords(records: readonly NumberedWrite[], unreadable: readonly UnreadableRecord[] = []): RefusedRecord[] {
    const position = this.#facts.journalPosition
    const fresh = records.filter(({ number }) => number > position)
    const lost = unreadable.filter(({ number }) => number > position)
    if (fresh.length + lost.length === 0) return []
    const refused = this.#together(fresh) ? [] : fresh.flatMap((record) => this.#alone(record))
    this.#facts.journalPosition = Math.max(fresh.at(-1)?.number ?? 0, lost.at(-1)?.number ?? 0)
    return [...refused, ...lost.map(({ number, line }) => ({ number, ...unread, write: line }))]
  }

  #together(records: readonly NumberedWrite[]): boolean {
    return this.#attempt(records) === null
  }

  #alone(record: NumberedWrite): RefusedRecord[] {
    const error = this.#attempt([record])
    if (error === null) return []
    const { code, message } = storeError(error, this.#sqlite.name)
    return [{ number: record.number, code, message, write: record.write }]
  }

  /** Null, or why none of them was taken. What concerns the whole database is thrown. */
  #attempt(records: readonly NumberedWrite[]): unknown {
    this.#sqlite.exec('savepoint records')
    try {
      this.#writer.apply(records.map(({ write }) => write))
      this.#sqlite.exec('release records')
      return null
    } catch (error) {
      if (!isOfRow(error) || !this.#sqlite.inTransaction) throw error
      this.#sqlite.exec('rollback to records')
      this.#sqlite.exec('release records')
      return error
    }
  }
}
