import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Migration } from 'kysely/migration'
import { AppError } from '../../shared/app-error.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { logMigrations } from './log-migrations.ts'
import { migrate, userVersion } from './migrate.ts'
import { preciousMigrations } from './precious-migrations.ts'
import { setAside } from './set-aside.ts'
import { connect, errorCode, kyselyOver, type Sqlite } from './sqlite.ts'
import { isDamage, storeError } from './store-errors.ts'

export type DatabaseKind = 'precious' | 'logs'

export interface OpenedDatabase {
  sqlite: Sqlite
  /** `read_only` where a newer Signalbox wrote the file. */
  access: 'read_write' | 'read_only'
  /** What a person should know about the opening; null when there is nothing. */
  banner: Banner | null
}

interface Traits {
  /** In the header of the file, so that no other program's database is taken for ours. */
  applicationId: number
  migrations: readonly Migration[]
  /** 2 is FULL: an acknowledged row survives a power cut. 1 is NORMAL: it survives any death of the app. */
  synchronous: 1 | 2
  severity: Banner['severity']
  contents: string
}

const traits: Record<DatabaseKind, Traits> = {
  precious: {
    applicationId: 0x5369_676e,
    migrations: preciousMigrations,
    synchronous: 2,
    severity: 'danger',
    contents: 'tasks, runs and wishes',
  },
  logs: {
    applicationId: 0x5369_676c,
    migrations: logMigrations,
    synchronous: 1,
    severity: 'caution',
    contents: 'log lines',
  },
}

/** Above this a check after an unclean end would hold up the start for seconds; a suspicion is always looked into. */
const largestCheckedBytes = 256 * 1024 * 1024

/**
 * Opens or makes a database, brings it to the schema of this program, and sets a damaged file aside.
 * AppError `home_read_only`, `disk_full`, `store_busy`, `foreign_database` … where it cannot be had.
 */
export async function openDatabase(file: string, kind: DatabaseKind): Promise<OpenedDatabase> {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return await openSound(file, traits[kind])
  } catch (error) {
    if (!isDamage(errorCode(error))) throw storeError(error, file)
  }
  try {
    const asideName = setAside(file, new Date())
    rmSync(suspicionOf(file), { force: true })
    const opened = await openSound(file, traits[kind])
    return { ...opened, banner: damagedBanner(file, asideName, traits[kind]) }
  } catch (error) {
    throw storeError(error, file)
  }
}

/** Damage was met while the store was in use: has the next opening look at the pages, however the app ends. */
export function suspect(file: string): void {
  writeFileSync(suspicionOf(file), '')
}

/** Throws what SQLite throws, so that the caller can tell damage from the rest. */
async function openSound(file: string, wanted: Traits): Promise<OpenedDatabase> {
  const isDoubtful = existsSync(`${file}-wal`) || existsSync(suspicionOf(file))
  // Made here for its mode, which SQLite gives to the side files too.
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 })
  const sqlite = connect(file)
  try {
    checkOwner(sqlite, file, wanted)
    if (userVersion(sqlite) > wanted.migrations.length) {
      sqlite.close()
      return openNewer(file, wanted)
    }
    setPragmas(sqlite, wanted)
    if (isDoubtful) checkPages(sqlite, file)
    rmSync(suspicionOf(file), { force: true })
    await migrate(sqlite, kyselyOver(sqlite), wanted.migrations)
    return { sqlite, access: 'read_write', banner: null }
  } catch (error) {
    sqlite.close()
    throw error
  }
}

function openNewer(file: string, wanted: Traits): OpenedDatabase {
  const name = basename(file)
  const banner: Banner = {
    code: 'newer_schema',
    severity: wanted.severity,
    message: `${name} was written by a newer Signalbox: it is open for reading only, nothing new is stored in it`,
    hint: 'Update Signalbox, or start it with another --home.',
    since: new Date().toISOString(),
  }
  return { sqlite: connect(file, { readonly: true }), access: 'read_only', banner }
}

function checkOwner(sqlite: Sqlite, file: string, { applicationId }: Traits): void {
  const found = Number(sqlite.pragma('application_id', { simple: true }))
  if (found === applicationId) return
  const tables = Number(sqlite.prepare('select count(*) from sqlite_schema').pluck().get())
  if (found === 0 && tables === 0) return
  throw new AppError('foreign_database', `${file} is a database of another program`, {
    hint: 'Move that file elsewhere, or start Signalbox with another --home.',
  })
}

/** Each is read back: WAL is refused by some file systems, and the library sets `synchronous` lower by itself. */
function setPragmas(sqlite: Sqlite, wanted: Traits): void {
  const pragmas: [name: string, value: string | number][] = [
    ['journal_mode', 'wal'],
    ['synchronous', wanted.synchronous],
    ['foreign_keys', 1],
    ['busy_timeout', 5_000],
    ['application_id', wanted.applicationId],
  ]
  for (const [name, value] of pragmas) {
    // Writing the header each time would make an untouched store look busy to backups.
    if (sqlite.pragma(name, { simple: true }) !== value) sqlite.pragma(`${name} = ${value}`)
    const got = sqlite.pragma(name, { simple: true })
    if (got !== value) {
      throw new AppError('store_failed', `SQLite keeps ${name} at ${got} where ${value} is needed`, {
        hint: 'Put the data folder on a local disk with --home.',
      })
    }
  }
}

function suspicionOf(file: string): string {
  return `${file}.suspect`
}

function checkPages(sqlite: Sqlite, file: string): void {
  if (statSync(file).size > largestCheckedBytes && !existsSync(suspicionOf(file))) return
  const verdict = sqlite.pragma('quick_check(1)', { simple: true })
  if (verdict !== 'ok') throw Object.assign(new Error(String(verdict)), { code: 'SQLITE_CORRUPT' })
}

function damagedBanner(file: string, asideName: string, { contents, severity }: Traits): Banner {
  return {
    code: 'store_damaged',
    severity,
    message: `${basename(file)} was damaged. It is kept as ${asideName}; a new one was begun, without the earlier ${contents}`,
    hint: `Keep ${asideName} if you need what it holds; delete it otherwise.`,
    since: new Date().toISOString(),
  }
}
