import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { segmentFiles } from './journal-folder.ts'
import { connect, type Sqlite } from './sqlite.ts'

/** A backup is itself a SQLite file: its parts, cut into chunks, and the hash of each part. */
const applicationId = 0x5369_6762
const chunkBytes = 1024 * 1024

/** What a home holds beside its databases. Tokens, keys and the vault of secrets are not among it, and never will be. */
const plainFiles = ['mcp.json'] as const
const databases = ['signalbox.db', 'logs.db'] as const

/**
 * Writes everything of a home but its secrets into one file, whether or not the program runs.
 * @throws AppError `backup_exists`, where that file is there already, and `nothing_to_back_up`.
 */
export function createBackup(home: string, file: string): { parts: string[] } {
  if (existsSync(file)) throw new AppError('backup_exists', `${file} exists already`, { hint: 'Choose another name.' })
  const unfinished = `${file}.unfinished`
  rmSync(unfinished, { force: true })
  const archive = connect(unfinished)
  try {
    archive.exec('create table parts (name text primary key, bytes integer not null, sha256 text not null) strict')
    archive.exec('create table chunks (name text, number integer, body blob, primary key (name, number)) strict')
    archive.pragma(`application_id = ${applicationId}`)
    const parts = [...plainParts(home), ...databaseParts(home, unfinished)]
    if (parts.length === 0) throw new AppError('nothing_to_back_up', `There is nothing in ${home} to back up`)
    for (const { name, path, isTemporary } of parts) {
      addPart(archive, name, path)
      if (isTemporary) rmSync(path)
    }
    archive.close()
    renameSync(unfinished, file)
    return { parts: parts.map(({ name }) => name) }
  } catch (error) {
    archive.close()
    rmSync(unfinished, { force: true })
    throw error
  }
}

/**
 * Puts a backup into a home in which no program runs. What was there is kept in the folder whose name comes back.
 * @throws AppError `no_backup`, `backup_damaged`.
 */
export function restoreBackup(file: string, home: string, now: Date): { parts: string[]; before: string } {
  if (!existsSync(file)) throw new AppError('no_backup', `There is no file ${file}`)
  const archive = connect(file, { readonly: true })
  try {
    const parts = checkedParts(archive, file)
    const before = setHomeAside(home, now)
    for (const name of parts) writePart(archive, name, join(home, name))
    return { parts, before }
  } finally {
    archive.close()
  }
}

interface Part {
  name: string
  path: string
  isTemporary: boolean
}

/** The journal is read before the databases: what is in both is known by its number. */
function plainParts(home: string): Part[] {
  const journal = segmentFiles(join(home, 'journal')).map((path) => ({ name: `journal/${basename(path)}`, path }))
  const plain = plainFiles.map((name) => ({ name, path: join(home, name) })).filter(({ path }) => existsSync(path))
  return [...plain, ...journal].map((part) => ({ ...part, isTemporary: false }))
}

function databaseParts(home: string, unfinished: string): Part[] {
  return databases
    .filter((name) => existsSync(join(home, name)))
    .map((name) => {
      const path = `${unfinished}-${name}`
      rmSync(path, { force: true })
      const sqlite = connect(join(home, name))
      try {
        sqlite.prepare('vacuum into ?').run(path)
      } finally {
        sqlite.close()
      }
      return { name, path, isTemporary: true }
    })
}

function addPart(archive: Sqlite, name: string, path: string): void {
  const insert = archive.prepare('insert into chunks values (?, ?, ?)')
  const hash = createHash('sha256')
  const fd = openSync(path, 'r')
  try {
    let bytes = 0
    for (let number = 0; ; number++) {
      const buffer = Buffer.alloc(chunkBytes)
      const body = buffer.subarray(0, readSync(fd, buffer))
      if (body.length === 0) break
      insert.run(name, number, body)
      hash.update(body)
      bytes += body.length
    }
    archive.prepare('insert into parts values (?, ?, ?)').run(name, bytes, hash.digest('hex'))
  } finally {
    closeSync(fd)
  }
}

/** The names of the parts, once every byte of them is what it was. */
function checkedParts(archive: Sqlite, file: string): string[] {
  const damaged = (cause?: unknown): AppError =>
    new AppError('backup_damaged', `${file} is damaged or no backup of Signalbox`, {
      hint: 'Nothing was changed. Use another backup.',
      cause,
    })
  try {
    if (archive.pragma('application_id', { simple: true }) !== applicationId) throw damaged()
    const parts = archive.prepare('select name, sha256 from parts order by name').all() as {
      name: string
      sha256: string
    }[]
    for (const { name, sha256 } of parts) {
      if (!isOurs(name)) throw damaged()
      const hash = createHash('sha256')
      for (const body of chunksOf(archive, name)) hash.update(body)
      if (hash.digest('hex') !== sha256) throw damaged()
    }
    return parts.map(({ name }) => name)
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error)
  }
}

/** A name from a file that anyone may have made leads nowhere but into the home. */
function isOurs(name: string): boolean {
  return [...plainFiles, ...databases].includes(name as 'mcp.json') || /^journal\/\d{16}\.journal$/.test(name)
}

function* chunksOf(archive: Sqlite, name: string): Generator<Buffer> {
  const chunk = archive.prepare('select body from chunks where name = ? and number = ?').pluck()
  for (let number = 0; ; number++) {
    const body = chunk.get(name, number) as Buffer | undefined
    if (body === undefined) return
    yield body
  }
}

function writePart(archive: Sqlite, name: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const fd = openSync(path, 'wx', 0o600)
  try {
    for (const body of chunksOf(archive, name)) writeSync(fd, body)
  } finally {
    closeSync(fd)
  }
}

function setHomeAside(home: string, now: Date): string {
  const before = join(home, `before-restore-${now.toISOString().replaceAll(/[-:.]/g, '')}`)
  mkdirSync(before, { recursive: true, mode: 0o700 })
  const sides = databases.flatMap((name) => ['', '-wal', '-shm', '.mark'].map((ending) => name + ending))
  for (const name of [...sides, ...plainFiles, 'journal']) {
    if (existsSync(join(home, name))) renameSync(join(home, name), join(before, name))
  }
  return before
}
