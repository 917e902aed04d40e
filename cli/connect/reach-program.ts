import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { AppError } from '../../shared/app-error.ts'
import { type Program, runningProgram } from '../running-program.ts'

const pollMs = 100
const patienceMs = 60_000
const mostWords = 4000

export interface Reach {
  readonly home: string
  /** For a program that has to be started; undefined: the usual one. */
  readonly port: number | undefined
  readonly signal: AbortSignal
}

/** The running program of a home, started without a window where there is none. Throws `start_failed`. */
export async function reachProgram(reach: Reach): Promise<Program> {
  const found = await findProgram(reach.home)
  return found ?? (await startHeadless(reach))
}

/** Null where none runs, whatever the reason: a start tells it better. */
export async function findProgram(home: string): Promise<Program | null> {
  try {
    return await runningProgram(home)
  } catch {
    return null
  }
}

/** It outlives us: other clients use it, too. */
async function startHeadless({ home, port, signal }: Reach): Promise<Program> {
  const words = ['serve', '--home', home, '--no-open', ...(port === undefined ? [] : ['--port', String(port)])]
  // Under npm the program would end with the npm of whoever started us.
  const env = { ...process.env, npm_lifecycle_event: undefined }
  const child = spawn(process.execPath, [process.argv[1]!, ...words], {
    cwd: homedir(),
    detached: true,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(0, mostWords)
  })
  const ended = once(child, 'close').then(() => true)
  const deadline = Date.now() + patienceMs
  try {
    for (;;) {
      const hasEnded = await Promise.race([ended, delay(pollMs, false, { signal })])
      const program = await findProgram(home)
      if (program !== null) return program
      if (hasEnded || Date.now() > deadline) throw startFailed(home, said)
    }
  } finally {
    child.stderr.destroy()
    child.unref()
  }
}

function startFailed(home: string, said: string): AppError {
  const why = stripVTControlCharacters(said)
    .replace(/^signalbox: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ')
  return new AppError('start_failed', `Signalbox could not be started for ${home}: ${why || 'it said nothing'}`, {
    hint: `Run "signalbox serve --home ${home}" in a terminal to see more.`,
  })
}
