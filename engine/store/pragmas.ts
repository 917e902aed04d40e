import { AppError } from '../../shared/app-error.ts'
import type { Sqlite } from './sqlite.ts'

/** `power_cut`: an acknowledged row survives a power cut (FULL). `app_death`: it survives any death of the app (NORMAL). */
export type Durability = 'power_cut' | 'app_death'

const synchronous: Readonly<Record<Durability, number>> = { power_cut: 2, app_death: 1 }

interface Wanted {
  applicationId: number
  survives: Durability
  /** Of a new file, in bytes; that of an older one stays as it is. */
  pageSize: number
  /** So much is written to the side file before it is brought into the file and synced. */
  checkpointBytes: number
}

/** Each is read back: WAL is refused by some file systems, and the library sets `synchronous` lower by itself. */
export function setPragmas(sqlite: Sqlite, { applicationId, survives, pageSize, checkpointBytes }: Wanted): void {
  sqlite.pragma(`page_size = ${pageSize}`)
  setPragma(sqlite, 'journal_mode', 'wal')
  setPragma(sqlite, 'foreign_keys', 1)
  setPragma(sqlite, 'busy_timeout', 5_000)
  setPragma(sqlite, 'application_id', applicationId)
  setPragma(sqlite, 'wal_autocheckpoint', checkpointBytes / Number(sqlite.pragma('page_size', { simple: true })))
  setDurability(sqlite, survives)
}

/** Not within a transaction. */
export function setDurability(sqlite: Sqlite, survives: Durability): void {
  setPragma(sqlite, 'synchronous', synchronous[survives])
}

function setPragma(sqlite: Sqlite, name: string, value: string | number): void {
  // Writing the header each time would make an untouched store look busy to backups.
  if (sqlite.pragma(name, { simple: true }) !== value) sqlite.pragma(`${name} = ${value}`)
  const got = sqlite.pragma(name, { simple: true })
  if (got === value) return
  throw new AppError('store_failed', `SQLite keeps ${name} at ${got} where ${value} is needed`, {
    hint: 'Put the data folder on a local disk with --home.',
  })
}
