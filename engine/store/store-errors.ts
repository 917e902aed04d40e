import { basename, dirname } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { errorCode } from './sqlite.ts'

/** Any error of the store as an AppError with what to do next; an AppError stays as it is. */
export function storeError(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error
  const code = errorCode(error) ?? ''
  const name = basename(file)
  const home = dirname(file)
  if (isDiskFull(code)) {
    return new AppError('disk_full', `No space left on the disk of ${home}`, {
      status: 507,
      hint: 'Free some space; Signalbox goes on by itself.',
      cause: error,
    })
  }
  if (isReadOnly(code)) {
    return new AppError('home_read_only', `Cannot write to ${file}`, {
      hint: `Make ${home} writable for this user, or choose another folder with --home.`,
      cause: error,
    })
  }
  if (isDamage(code)) {
    return new AppError('store_damaged', `${name} is damaged: ${messageOf(error)}`, {
      hint: 'Restart Signalbox: it sets the damaged file aside and begins a new one.',
      cause: error,
    })
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new AppError('store_busy', `${name} is held by another program`, {
      hint: 'Close the program that has the file open, then try again.',
      cause: error,
    })
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new AppError('home_not_a_folder', `${home} is not a folder`, {
      hint: 'Choose another folder with --home.',
      cause: error,
    })
  }
  return new AppError('store_failed', `${name}: ${messageOf(error)}`, {
    hint: 'Look at the log of Signalbox itself.',
    cause: error,
  })
}

export function isDamage(code: string | null): boolean {
  return code !== null && (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
}

/** Opening a database on a full disk fails at its shared memory file, before any row is written. */
function isDiskFull(code: string): boolean {
  return code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'ENOSPC' || code === 'EDQUOT'
}

function isReadOnly(code: string): boolean {
  const system = code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
  return system || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
