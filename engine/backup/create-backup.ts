import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { segmentFiles } from '../store/journal-folder.ts'
import { connect, type Sqlite } from '../store/sqlite.ts'
import { addPart, databases, makeArchive, partNames, plainFiles, sealArchive } from './archive.ts'

export interface Backup {
  file: string
  bytes: number
  parts: string[]
}

/**
 * Writes everything of a home but its secrets into one file, for its owner only, whether or not the program runs.
 * @throws AppError `backup_exists`, where that file is there already, `nothing_to_back_up` and `backup_failed` (409).
 */
export function createBackup(home: string, file: string, now = new Date()): Backup {
  if (existsSync(file)) {
    throw new AppError('backup_exists', `${file} exists already`, { hint: 'Choose another name.', status: 409 })
  }
  const unfinished = `${file}.unfinished`
  try {
    rmSync(unfinished, { force: true })
    makeForOwner(unfinished)
    const parts = fill(unfinished, home, now)
    renameSync(unfinished, file)
    return { file, bytes: statSync(file).size, parts }
  } catch (error) {
    rmSync(unfinished, { force: true })
    if (error instanceof AppError) throw error
    throw new AppError('backup_failed', `${file} cannot be written (${(error as Error).message})`, {
      hint: 'Choose a folder that exists, can be written and has room.',
      status: 409,
      cause: error,
    })
  }
}

/** The journal is read before the databases: what is in both is known by its number, and what is gone is in them. */
function fill(unfinished: string, home: string, now: Date): string[] {
  const archive = connect(unfinished)
  try {
    makeArchive(archive)
    for (const name of plainFiles) addPart(archive, name, join(home, name))
    for (const path of segmentFiles(join(home, 'journal'))) addPart(archive, `journal/${basename(path)}`, path)
    for (const name of databases) addDatabase(archive, name, join(home, name), `${unfinished}-${name}`)
    const parts = partNames(archive)
    if (parts.length === 0) {
      throw new AppError('nothing_to_back_up', `There is nothing in ${home} to back up`, { status: 409 })
    }
    sealArchive(archive, home, now)
    return parts
  } finally {
    archive.close()
  }
}

function addDatabase(archive: Sqlite, name: string, path: string, copy: string): void {
  if (!existsSync(path)) return
  rmSync(copy, { force: true })
  makeForOwner(copy)
  const sqlite = connect(path)
  try {
    sqlite.prepare('vacuum into ?').run(copy)
    addPart(archive, name, copy)
  } finally {
    sqlite.close()
    rmSync(copy, { force: true })
  }
}

/** SQLite would make it for all to read; what lies there already is not taken. */
function makeForOwner(path: string): void {
  writeFileSync(path, '', { mode: 0o600, flag: 'wx' })
}
