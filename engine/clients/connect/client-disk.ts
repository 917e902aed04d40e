import { createHash, randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { access, lstat, mkdir, open, realpath, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/app-error.ts'
import { expandPath } from '../read-file.ts'

/** Another program's file as it is now. */
export type FileState =
  | { kind: 'absent' }
  | {
      kind: 'file'
      bytes: Buffer
      hash: string
      /** What a symbolic link at the path leads to; else the path itself. */
      target: string
      mode: number
      /** Other names of the same file, which a replacement leaves with the old text. */
      hardLinks: number
    }
  | { kind: 'refused'; code: string; message: string }

const maxBytes = 64 * 1_048_576

/**
 * Files of other programs, looked at and replaced with care: only regular files of the person's own, only whole, and
 * only while they are what they were.
 */
export class ClientDisk {
  readonly #platform: NodeJS.Platform
  readonly #locate: (path: string) => string

  /** `locate` says where a path of the machine that is looked at lies on this one; a test of other systems needs it. */
  constructor(platform: NodeJS.Platform, locate: (path: string) => string = (path) => path) {
    this.#platform = platform
    this.#locate = locate
  }

  /** The paths that a path with `*` in one segment stands for. */
  expand(pattern: string): Promise<string[]> {
    return expandPath(pattern, this.#platform, this.#locate)
  }

  async exists(path: string): Promise<boolean> {
    return (await stat(this.#locate(path)).catch(nullWhenMissing)) !== null
  }

  /** Never waits on a pipe, never reads what belongs to somebody else. */
  async read(path: string): Promise<FileState> {
    const located = this.#locate(path)
    try {
      const link = await lstat(located).catch(nullWhenMissing)
      if (link === null) return { kind: 'absent' }
      const target = await realpath(located).catch(nullWhenMissing)
      if (target === null) return refused('broken_link', 'is a symbolic link that leads nowhere')
      if (isForeign(link)) return foreign()
      // Whoever swaps the file for a link between two looks is not followed.
      await using file = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      const facts = await file.stat()
      if (isForeign(facts)) return foreign()
      if (!facts.isFile()) return refused('not_a_file', 'is not a file')
      if (facts.size > maxBytes) return refused('too_large', 'is larger than 64 MiB')
      const bytes = await file.readFile()
      return {
        kind: 'file',
        bytes,
        hash: hashOf(bytes),
        target,
        mode: facts.mode & 0o777,
        hardLinks: facts.nlink - 1,
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM') return refused('forbidden', 'may not be read by you')
      return refused('unreadable', message)
    }
  }

  /**
   * Puts bytes in the place of a file that still has the given hash (null: of none), so that a reader sees the old or
   * the new ones, whole. Keeps the mode, and a symbolic link. Gives back the folders that it made.
   * @throws AppError `file_changed` (409), `client_file_unwritable` (422).
   */
  async replace(path: string, expected: string | null, bytes: Uint8Array): Promise<string[]> {
    const state = await this.#expect(path, expected)
    const target = state.kind === 'file' ? state.target : this.#locate(path)
    try {
      const made = await this.#makeFolder(dirname(target), path)
      if (state.kind === 'file') await access(target, constants.W_OK)
      const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
      try {
        await writeDurably(temporary, bytes, state.kind === 'file' ? state.mode : 0o600)
        await this.#expect(path, expected)
        await rename(temporary, target)
      } finally {
        await rm(temporary, { force: true })
      }
      await syncFolder(dirname(target))
      return made
    } catch (error) {
      throw unwritable(path, error)
    }
  }

  /** Takes a file away that still has the given hash, and the folders that were made for it, where they are empty. */
  async remove(path: string, expected: string, folders: readonly string[]): Promise<void> {
    const state = await this.#expect(path, expected)
    if (state.kind !== 'file') return
    try {
      await rm(state.target)
      for (const folder of folders.toReversed()) {
        await rmdir(folder).catch(() => {
          // Somebody put something into it meanwhile: it stays.
        })
      }
    } catch (error) {
      throw unwritable(path, error)
    }
  }

  async #expect(path: string, expected: string | null): Promise<FileState> {
    const state = await this.read(path)
    if (state.kind === 'refused') throw refusal(path, state)
    const found = state.kind === 'file' ? state.hash : null
    if (found !== expected) throw fileChanged(path)
    return state
  }

  /** Only inside of a folder of the person's own. */
  async #makeFolder(folder: string, path: string): Promise<string[]> {
    const missing: string[] = []
    let above = folder
    let facts = await stat(above).catch(nullWhenMissing)
    while (facts === null) {
      missing.unshift(above)
      above = dirname(above)
      facts = await stat(above).catch(nullWhenMissing)
    }
    if (isForeign(facts))
      throw refusal(path, { code: 'foreign_owner', message: `would lie in ${above}, which is not yours` })
    for (const one of missing) {
      await mkdir(one, { mode: 0o700 })
    }
    return missing
  }
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Writes a file that only its owner may read; an equal one that is there already is left. */
export async function keepBytes(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeDurably(temporary, bytes, 0o600)
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncFolder(dirname(path))
}

/** What keeps a file from being used, as an error. */
export function refusal(path: string, { code, message }: { code: string; message: string }): AppError {
  return new AppError(code, `${path} ${message}.`, {
    status: 422,
    hint: code === 'foreign_owner' ? 'Files of other users are left alone.' : 'Correct that, then try again.',
  })
}

export function fileChanged(path: string): AppError {
  return new AppError('file_changed', `${path} changed since it was shown.`, {
    status: 409,
    hint: 'Look at the difference again.',
  })
}

function refused(code: string, message: string): FileState {
  return { kind: 'refused', code, message }
}

function foreign(): FileState {
  return refused('foreign_owner', 'belongs to another user')
}

function isForeign(facts: Stats): boolean {
  return process.getuid !== undefined && facts.uid !== process.getuid()
}

function unwritable(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  const { code, message } = error as NodeJS.ErrnoException
  const reason = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'may not be written by you' : message
  return new AppError('client_file_unwritable', `${path}: ${reason}.`, {
    status: 422,
    hint: 'Nothing was changed. Allow writing, or put the entry in by hand.',
    cause: error,
  })
}

async function writeDurably(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode)
  await file.writeFile(bytes)
  // The mode given to open is cut by the process's umask.
  await file.chmod(mode)
  await file.sync()
}

/** Makes the rename itself durable, where the system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await open(path, constants.O_RDONLY)
  await folder.sync()
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
