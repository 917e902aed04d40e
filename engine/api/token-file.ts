import { randomUUID } from 'node:crypto'
import { chmod, link, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { newSecret } from './secret.ts'

const secretForm = /^[A-Za-z0-9_-]{43}$/

/**
 * The owner token in `<home>/token`: made on first use, kept afterwards, readable by its owner only.
 * Throws `token_unreadable` when the file holds something else.
 */
export async function ownerToken(home: string): Promise<string> {
  const path = join(home, 'token')
  const token = (await readToken(path)) ?? (await createToken(path))
  if (!isOwnerToken(token)) {
    throw new AppError('token_unreadable', `${path} does not hold an owner token`, {
      hint: 'Delete that file and start again; a new token is made then.',
    })
  }
  // A copy or a restore may have opened it to others.
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o777) !== 0o600) await chmod(path, 0o600)
  return token
}

/** Whether a text has the form of an owner token. */
export function isOwnerToken(text: string): boolean {
  return secretForm.test(text)
}

/** The token of a home that has one, else null. */
export async function readToken(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A hard link appears whole or not at all and refuses to replace, so two first starts agree on one token. */
async function createToken(path: string): Promise<string> {
  const draft = `${path}.${randomUUID()}.new`
  await writeFile(draft, newSecret(), { mode: 0o600 })
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return readFile(path, 'utf8')
}
