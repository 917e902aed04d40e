import { randomUUID } from 'node:crypto'
import { constants, type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'

const maxTries = 20

/**
 * Replaces a text file as a whole: the new text is in a file beside it and on the disk before it takes the place of
 * the old one, so that a reader sees the one or the other. Keeps the mode; a new file is for its owner only. A
 * symbolic link stays and its target is replaced.
 *
 * `change` gets the text as it is now, null where there is no file, and gives the new one. When somebody else writes
 * meanwhile, `change` is asked again with their text. Returns the text now in force.
 */
export async function replaceFile(path: string, change: (text: string | null) => string): Promise<string> {
  const target = (await realpath(path).catch(nullWhenMissing)) ?? path
  let before = await readText(target)
  for (let tries = 0; tries < maxTries; tries += 1) {
    const after = change(before)
    if (after === before) return after
    const temporary = join(dirname(target), `.${randomUUID()}.tmp`)
    try {
      await writeDurably(temporary, after, (await stat(target).catch(nullWhenMissing))?.mode ?? 0o600)
      const now = await readText(target)
      if (now === before) {
        await rename(temporary, target)
        await syncFolder(dirname(target))
        return after
      }
      before = now
    } finally {
      await rm(temporary, { force: true })
    }
  }
  throw new AppError('config_busy', `Another program keeps writing ${path}.`, {
    hint: 'Close it and try again.',
    status: 409,
  })
}

/** The text of a file; null when there is none. Bytes that are not UTF-8 are an AppError `not_utf8`. */
export async function readText(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(nullWhenMissing)
  if (bytes === null) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('not_utf8', `${path} is not UTF-8 text.`, { hint: 'Save it as UTF-8.', cause })
  }
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode & 0o777)
  try {
    // The mode given to open is cut by the process's umask.
    await file.chmod(mode & 0o777)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes the rename itself durable, where the system lets a folder be opened (Windows does not, and need not). */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder: FileHandle = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
