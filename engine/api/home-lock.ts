import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { AppError } from '../../shared/app-error.ts'
import { homeUnusable, isUnwritable, makeHome } from '../home-folder.ts'
import { type RuntimeInfo, readRuntimeFile } from './runtime-file.ts'

/**
 * One program a home: either it is ours until disposed, or another one has it. Nobody can lock, or change, one that cannot
 * be written; any number may read it.
 */
export type HomeClaim =
  | { kind: 'ours'; lock: Disposable }
  | { kind: 'held'; holder: RuntimeInfo }
  | { kind: 'read_only' }

const retryMs = 100
const patienceMs = 30_000

/**
 * Takes a home for this process. When another has it, waits until that one is up and says which it is, or until it
 * is gone and takes its place. Throws `home_unusable`, `home_busy`.
 */
export async function claimHome(home: string, signal?: AbortSignal): Promise<HomeClaim> {
  await makeHome(home)
  if (await isUnwritable(home)) {
    const holder = await readRuntimeFile(home, signal)
    return holder === null ? { kind: 'read_only' } : { kind: 'held', holder }
  }
  const until = Date.now() + patienceMs
  for (;;) {
    const lock = lockHome(home)
    if (lock !== null) return { kind: 'ours', lock }
    const holder = await readRuntimeFile(home, signal)
    if (holder !== null) return { kind: 'held', holder }
    if (Date.now() > until) throw homeBusy(home)
    await delay(retryMs, undefined, { signal })
  }
}

/**
 * An exclusive lock of the operating system, through SQLite, which knows how on each: it ends with the process,
 * however that ends, and leaves nothing stale. Null when another has it.
 */
function lockHome(home: string): Disposable | null {
  let database: Database.Database | undefined
  try {
    database = new Database(join(home, 'lock'), { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database?.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw homeUnusable(home, error)
  }
  return { [Symbol.dispose]: () => database.close() }
}

function homeBusy(home: string): AppError {
  return new AppError('home_busy', `Another Signalbox has ${home} but does not answer.`, {
    hint: 'End that process, or choose another folder with --home DIR.',
  })
}
