import { type FileHandle, open, rm } from 'node:fs/promises'
import { AppError } from '../../shared/app-error.ts'

/**
 * Writes lines to a new file, for its owner only; how many. Nothing stays of one that could not be finished.
 * @throws AppError `export_exists` (409), `export_failed`.
 */
export async function writeExport(file: string, pages: AsyncIterable<readonly string[]>): Promise<number> {
  const handle = await create(file)
  let count = 0
  try {
    for await (const lines of pages) {
      count += lines.length
      await handle.write(lines.join(''))
    }
    await handle.sync()
    await handle.close()
    return count
  } catch (cause) {
    await handle.close()
    await rm(file, { force: true })
    throw failed(file, cause)
  }
}

async function create(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw failed(file, cause)
    throw new AppError('export_exists', `${file} exists already.`, { hint: 'Choose another name.', status: 409, cause })
  }
}

function failed(file: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return new AppError('export_failed', `${file} cannot be written (${(cause as Error).message}).`, {
    hint: 'Choose a folder that exists and can be written.',
    status: 409,
    cause,
  })
}
