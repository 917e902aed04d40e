import { join } from 'node:path'
import { type RuntimeInfo, readRuntimeFile } from '../engine/api/runtime-file.ts'
import { readToken } from '../engine/api/token-file.ts'
import { AppError } from '../shared/app-error.ts'

export interface Program {
  readonly info: RuntimeInfo
  /** The owner's. */
  readonly token: string
}

/** The running program of a home. Throws `not_running`. */
export async function runningProgram(home: string): Promise<Program> {
  const info = await readRuntimeFile(home)
  const token = info === null ? null : await readToken(join(home, 'token'))
  if (info === null || token === null) {
    throw new AppError('not_running', `Signalbox is not running for ${home}.`, {
      hint: 'Start it with "signalbox serve", or name its folder with --home DIR.',
    })
  }
  return { info, token }
}
