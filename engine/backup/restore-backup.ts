import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { connect, type Sqlite } from '../store/sqlite.ts'
import { type CheckedArchive, checkArchive, damagedBackup, databases, plainFiles, writePart } from './archive.ts'

export interface Restored extends CheckedArchive {
  /** The folder that keeps what was there. */
  before: string
}

/** Looks at every byte of a backup and changes nothing. @throws AppError `no_backup`, `backup_damaged` (409). */
export function checkBackup(file: string, home: string): CheckedArchive {
  return withArchive(file, (archive) => checkArchive(archive, file, home))
}

/**
 * Puts a backup into a home in which no program runs. What was there is kept in the folder whose name comes back. A
 * backup that another home made brings no agreement with it, and no client: whoever wrote it may be anybody.
 * @throws AppError `no_backup`, `backup_damaged`.
 */
export function restoreBackup(file: string, home: string, now: Date): Restored {
  return withArchive(file, (archive) => {
    const checked = checkArchive(archive, file, home)
    const time = now.toISOString().replaceAll(/[-:.]/g, '')
    const staged = join(home, `restoring-${time}`)
    try {
      for (const name of checked.parts) writePart(archive, name, join(staged, name))
      if (!checked.isOwn) forgetAgreements(join(staged, 'signalbox.db'), file)
      const before = setHomeAside(home, time)
      for (const name of checked.parts) {
        mkdirSync(dirname(join(home, name)), { recursive: true, mode: 0o700 })
        renameSync(join(staged, name), join(home, name))
      }
      return { ...checked, before }
    } finally {
      rmSync(staged, { recursive: true, force: true })
    }
  })
}

function withArchive<T>(file: string, use: (archive: Sqlite) => T): T {
  if (!existsSync(file)) {
    throw new AppError('no_backup', `There is no file ${file}`, { hint: 'Look for another name.', status: 404 })
  }
  const archive = connect(file, { readonly: true })
  try {
    return use(archive)
  } finally {
    archive.close()
  }
}

/** What somebody elsewhere agreed to, and who may call there. */
const agreements = ['consents', 'clients']

/** @throws AppError `backup_damaged` where the bytes are those of the backup and are none of a database. */
function forgetAgreements(database: string, file: string): void {
  if (!existsSync(database)) return
  try {
    forgetIn(database)
  } catch (error) {
    throw damagedBackup(file, error)
  }
}

/** Also what a table of ours never has, and could bring them back: triggers, and views in the place of tables. */
function forgetIn(database: string): void {
  const sqlite = connect(database)
  try {
    const schema = sqlite.prepare('select type, name from sqlite_schema').all() as { type: string; name: string }[]
    for (const { type, name } of schema)
      if (type === 'trigger' || type === 'view') sqlite.exec(`drop ${type} if exists ${quoted(name)}`)
    for (const { type, name } of schema) {
      // Names of tables are the same in any case of their letters.
      if (type === 'table' && agreements.includes(name.toLowerCase())) sqlite.exec(`delete from ${quoted(name)}`)
    }
  } finally {
    sqlite.close()
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function setHomeAside(home: string, time: string): string {
  const before = join(home, `before-restore-${time}`)
  mkdirSync(before, { recursive: true, mode: 0o700 })
  const sides = databases.flatMap((name) => ['', '-wal', '-shm', '.mark'].map((ending) => name + ending))
  for (const name of [...sides, ...plainFiles, 'journal']) {
    if (existsSync(join(home, name))) renameSync(join(home, name), join(before, name))
  }
  return before
}
