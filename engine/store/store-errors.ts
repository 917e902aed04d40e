import { basename, dirname } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { errorCode } from './error-code.ts'

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
  if (isDamaged(error)) {
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

/** What is stored as JSON was JSON when it was written. */
export function isDamaged(error: unknown): boolean {
  return error instanceof SyntaxError || isDamage(errorCode(error))
}

export function isDamage(code: string | null): boolean {
  return code !== null && (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
}

/** Whether an error is about one row alone: the next one may be stored all the same. */
export function isOfRow(error: unknown): boolean {
  const code = errorCode(error) ?? ''
  const isRefused = code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_TOOBIG' || code === 'SQLITE_MISMATCH'
  return isRefused || error instanceof AppError || error instanceof TypeError
}

/** Opening a database on a full disk fails at its shared memory file, before any row is written. */
export function isDiskFull(code: string | null): boolean {
  return code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'ENOSPC' || code === 'EDQUOT'
}

export function isReadOnly(code: string | null): boolean {
  if (code === null) return false
  const system = code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
  return system || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
