import { access, constants, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { AppError } from '../shared/app-error.ts'

/** The home folder: `--home`, else SIGNALBOX_HOME, else the system's place for data; absolute. */
export function homeFolder(option: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(option || env.SIGNALBOX_HOME || envPaths('signalbox', { suffix: '' }).data)
}

/** @throws AppError `home_unusable`. */
export async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw homeUnusable(home, cause)
  }
}

/** Whether a home has been used and can now be read only: then it is shown, and nothing in it changes. */
export async function isUnwritable(home: string): Promise<boolean> {
  return !(await may(home, constants.W_OK)) && (await may(join(home, 'signalbox.db'), constants.R_OK))
}

export function homeUnusable(home: string, cause: unknown): AppError {
  return new AppError('home_unusable', `The folder ${home} cannot be written to (${(cause as Error).message}).`, {
    hint: 'Mend its permissions, or choose another folder with --home DIR.',
    cause,
  })
}

async function may(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode)
    return true
  } catch {
    // The answer, whatever the reason.
    return false
  }
}
