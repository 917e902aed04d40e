import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Migration } from 'kysely/migration'
import { AppError } from '../../shared/app-error.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { reserveFileOf } from './disk-reserve.ts'
import { errorCode } from './error-code.ts'
import { readMark } from './high-water-mark.ts'
import { logMigrations } from './log-migrations.ts'
import { migrate, userVersion } from './migrate.ts'
import { type Durability, setPragmas } from './pragmas.ts'
import { preciousMigrations } from './precious-migrations.ts'
import { privateCopy } from './private-copy.ts'
import { setAside } from './set-aside.ts'
import { connect, kyselyOver, type Sqlite } from './sqlite.ts'
import { isDamage, isDiskFull, isReadOnly, storeError } from './store-errors.ts'

export type DatabaseKind = 'precious' | 'logs'

export interface OpenedDatabase extends Disposable {
  sqlite: Sqlite
  /** Of the same file: what is committed here is on the disk itself. */
  durable: Sqlite
  /** `read_only` where a newer Signalbox wrote the file, or the file or its folder cannot be written. */
  access: 'read_write' | 'read_only'
  /** What a person should know about the opening; null when there is nothing. */
  banner: Banner | null
}

interface Traits {
  /** In the header of the file, so that no other program's database is taken for ours. */
  applicationId: number
  migrations: readonly Migration[]
  survives: Durability
  pageSize: number
  checkpointBytes: number
  severity: Banner['severity']
  contents: string
}

const mebibyte = 1024 * 1024

const traits: Record<DatabaseKind, Traits> = {
  precious: {
    applicationId: 0x5369_676e,
    migrations: preciousMigrations,
    survives: 'app_death',
    pageSize: 4096,
    checkpointBytes: 4 * mebibyte,
    severity: 'danger',
    contents: 'tasks, runs and wishes',
  },
  logs: {
    applicationId: 0x5369_676c,
    migrations: logMigrations,
    survives: 'app_death',
    // For bodies of many kilobytes: fewer pages and fewer syncs double what a flood can store.
    pageSize: 8192,
    checkpointBytes: 16 * mebibyte,
    severity: 'caution',
    contents: 'log lines',
  },
}

/** What tells a database of ours, for who looks at one without opening it as a store. */
export function schemaOf(kind: DatabaseKind): { applicationId: number; version: number } {
  const { applicationId, migrations } = traits[kind]
  return { applicationId, version: migrations.length }
}

/** A check of fewer bytes costs less than a start is noticed by; after an unclean end more are looked at. */
const alwaysCheckedBytes = 32 * 1024 * 1024
const doubtfulCheckedBytes = 256 * 1024 * 1024

/**
 * Opens or makes a database, brings it to the schema of this program, and sets a damaged file aside. Where it cannot be
 * written a copy is opened, for reading only.
 * AppError `home_read_only`, `disk_full`, `store_busy`, `foreign_database` … where it cannot be had.
 */
export async function openDatabase(file: string, kind: DatabaseKind): Promise<OpenedDatabase> {
  const wanted = traits[kind]
  let asideName: string
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return await openWithRoom(file, wanted)
  } catch (error) {
    const code = errorCode(error)
    if (isReadOnly(code) && existsSync(file)) return openCopy(file, wanted)
    if (!(error instanceof Damaged)) throw storeError(error, file)
    asideName = putAside(file, error)
  }
  try {
    const opened = await openWithRoom(file, wanted)
    return { ...opened, banner: damagedBanner(file, asideName, wanted) }
  } catch (error) {
    throw storeError(error, file)
  }
}

/** Moved before it is closed: SQLite, at the close of a file that it finds, merges its log of changes into it. */
function putAside(file: string, { close }: Damaged): string {
  // Windows moves no open file.
  if (process.platform === 'win32') close()
  const name = setAside(file, new Date())
  close()
  rmSync(suspicionOf(file), { force: true })
  return name
}

/** Damage was met while the store was in use: has the next opening look at the pages, however the app ends. */
export function suspect(file: string): void {
  writeFileSync(suspicionOf(file), '')
}

/** A database on a full disk cannot even be opened: the reserve is what that takes. */
async function openWithRoom(file: string, wanted: Traits): Promise<OpenedDatabase> {
  try {
    return await openSound(file, wanted)
  } catch (error) {
    const reserve = reserveFileOf(dirname(file))
    if (!isDiskFull(errorCode(error)) || !existsSync(reserve)) throw error
    rmSync(reserve)
    return openSound(file, wanted)
  }
}

/** Throws what SQLite throws, so that the caller can tell damage from the rest. */
async function openSound(file: string, wanted: Traits): Promise<OpenedDatabase> {
  const isDoubtful = existsSync(`${file}-wal`) || existsSync(suspicionOf(file))
  checkLength(file)
  checkWritable(file)
  // Made here for its mode, which SQLite gives to the side files too.
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 })
  const sqlite = connect(file)
  try {
    checkOwner(sqlite, file, wanted)
    if (userVersion(sqlite) > wanted.migrations.length) {
      sqlite.close()
      return readOnly(connect(file, { readonly: true }), newerBanner(file, wanted))
    }
    setPragmas(sqlite, wanted)
    checkPages(sqlite, file, isDoubtful ? doubtfulCheckedBytes : alwaysCheckedBytes)
    await migrate(sqlite, kyselyOver(sqlite), wanted.migrations)
    rmSync(suspicionOf(file), { force: true })
  } catch (error) {
    if (isDamage(errorCode(error))) throw new Damaged(() => sqlite.close(), error)
    sqlite.close()
    throw error
  }
  const durable = connect(file)
  setPragmas(durable, { ...wanted, survives: 'power_cut' })
  const close = (): void => {
    durable.close()
    sqlite.close()
  }
  return { sqlite, durable, access: 'read_write', banner: null, [Symbol.dispose]: close }
}

function readOnly(sqlite: Sqlite, banner: Banner, end: () => void = () => {}): OpenedDatabase {
  const close = (): void => {
    sqlite.close()
    end()
  }
  return { sqlite, durable: sqlite, access: 'read_only', banner, [Symbol.dispose]: close }
}

/** SQLite needs to write beside a database even to read it, so what cannot be written is copied first. */
async function openCopy(file: string, wanted: Traits): Promise<OpenedDatabase> {
  const copy = privateCopy(file)
  try {
    const { sqlite, durable } = await openSound(copy.file, wanted)
    durable.close()
    return readOnly(sqlite, unwritableBanner(file, wanted), () => copy[Symbol.dispose]())
  } catch (error) {
    copy[Symbol.dispose]()
    throw storeError(error, file)
  }
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

function suspicionOf(file: string): string {
  return `${file}.suspect`
}

/** To SQLite an emptied file is a new database, whose log of changes it deletes; one that ends within a page is sound. */
function checkLength(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const logged = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0 && logged > 0)
    throw new Damaged(() => {}, damage('it is empty or gone, and its log of changes is not'))
  if (size === 0 && (readMark(file)?.number ?? 0) > 0)
    throw new Damaged(() => {}, damage('it is empty, and has held finished tasks'))
  if (size % 512 !== 0) throw new Damaged(() => {}, damage('it ends within a page'))
}

function checkPages(sqlite: Sqlite, file: string, largest: number): void {
  if (statSync(file).size > largest && !existsSync(suspicionOf(file))) return
  const verdict = sqlite.pragma('quick_check(1)', { simple: true })
  if (verdict !== 'ok') throw damage(String(verdict))
}

/** To SQLite, and to root, a file that cannot be written may look as if it could. */
function checkWritable(file: string): void {
  accessSync(dirname(file), constants.W_OK)
  if (existsSync(file)) accessSync(file, constants.W_OK)
}

function damage(message: string): Error {
  return Object.assign(new Error(message), { code: 'SQLITE_CORRUPT' })
}

/** The file is damaged; it may be open still. */
class Damaged extends Error {
  readonly close: () => void

  constructor(close: () => void, cause: unknown) {
    super('The database is damaged', { cause })
    this.close = close
  }
}

function newerBanner(file: string, { severity }: Traits): Banner {
  return {
    code: 'newer_schema',
    severity,
    message: `${basename(file)} was written by a newer Signalbox: it is open for reading only, nothing new is stored in it`,
    hint: 'Update Signalbox, or start it with another --home.',
    since: new Date().toISOString(),
  }
}

function unwritableBanner(file: string, { severity }: Traits): Banner {
  return {
    code: 'home_read_only',
    severity,
    message: `${file} cannot be written: it is open for reading only, nothing new is stored in it`,
    hint: `Make ${dirname(file)} writable for this user and start Signalbox again.`,
    since: new Date().toISOString(),
  }
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
