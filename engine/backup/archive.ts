import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { errorCode } from '../store/error-code.ts'
import type { Sqlite } from '../store/sqlite.ts'

/** A backup is itself a SQLite file: its parts, cut into chunks, and the hash of each part. */
const applicationId = 0x5369_6762
const chunkBytes = 1024 * 1024

/** What a home holds beside its databases. Tokens, keys and the vault of secrets are not among it, and never will be. */
export const plainFiles = ['mcp.json'] as const
export const databases = ['signalbox.db', 'logs.db'] as const

interface PartRow {
  name: string
  bytes: number
  sha256: string
}

export interface CheckedArchive {
  parts: string[]
  /** RFC 3339. */
  madeAt: string
  /** Whether this very home made it: its token, which no backup holds, sealed it. */
  isOwn: boolean
}

export function makeArchive(archive: Sqlite): void {
  archive.exec('create table parts (name text primary key, bytes integer not null, sha256 text not null) strict')
  archive.exec('create table chunks (name text, number integer, body blob, primary key (name, number)) strict')
  archive.exec('create table facts (name text primary key, value text not null) strict')
  archive.pragma(`application_id = ${applicationId}`)
}

/** False where the file is gone. */
export function addPart(archive: Sqlite, name: string, path: string): boolean {
  const fd = openIfThere(path)
  if (fd === null) return false
  const insert = archive.prepare('insert into chunks values (?, ?, ?)')
  const hash = createHash('sha256')
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
    return true
  } finally {
    closeSync(fd)
  }
}

export function partNames(archive: Sqlite): string[] {
  return rowsOf(archive).map(({ name }) => name)
}

/** Says when it was made, and seals all of it for this home. */
export function sealArchive(archive: Sqlite, home: string, now: Date): void {
  const madeAt = now.toISOString()
  const insert = archive.prepare('insert into facts values (?, ?)')
  insert.run('made_at', madeAt)
  const seal = sealOf(home, madeAt, rowsOf(archive))
  if (seal !== null) insert.run('seal', seal)
}

/** `cause`: what was thrown while it was looked at. */
export function damagedBackup(file: string, cause?: unknown): AppError {
  return new AppError('backup_damaged', `${file} is damaged or no backup of Signalbox`, {
    hint: 'Nothing was changed. Use another backup.',
    status: 409,
    cause,
  })
}

/** What is in it, once every byte is what it was. @throws AppError `backup_damaged`. */
export function checkArchive(archive: Sqlite, file: string, home: string): CheckedArchive {
  const damaged = (cause?: unknown): AppError => damagedBackup(file, cause)
  try {
    if (archive.pragma('application_id', { simple: true }) !== applicationId) throw damaged()
    const rows = rowsOf(archive)
    for (const { name, sha256 } of rows) {
      if (!isOurs(name)) throw damaged()
      const hash = createHash('sha256')
      for (const body of chunksOf(archive, name)) hash.update(body)
      if (hash.digest('hex') !== sha256) throw damaged()
    }
    const fact = archive.prepare('select value from facts where name = ?').pluck()
    const madeAt = String(fact.get('made_at'))
    const isOwn = isEqual(sealOf(home, madeAt, rows), (fact.get('seal') as string | undefined) ?? null)
    return { parts: rows.map(({ name }) => name), madeAt: new Date(madeAt).toISOString(), isOwn }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error)
  }
}

export function writePart(archive: Sqlite, name: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const fd = openSync(path, 'wx', 0o600)
  try {
    for (const body of chunksOf(archive, name)) writeFileSync(fd, body)
  } finally {
    closeSync(fd)
  }
}

function rowsOf(archive: Sqlite): PartRow[] {
  return archive.prepare('select name, bytes, sha256 from parts order by name').all() as PartRow[]
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

/** Null for a home without a token. */
function sealOf(home: string, madeAt: string, rows: readonly PartRow[]): string | null {
  const fd = openIfThere(join(home, 'token'))
  if (fd === null) return null
  try {
    const token = readFileSync(fd, 'utf8').trim()
    return createHmac('sha256', `signalbox backup ${token}`)
      .update(JSON.stringify([madeAt, rows]))
      .digest('hex')
  } finally {
    closeSync(fd)
  }
}

function isEqual(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}
