import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { AppError } from '../../shared/app-error.ts'
import { within } from './within.ts'

interface ShellOptions {
  readonly shell: string
  readonly env: Readonly<NodeJS.ProcessEnv>
  readonly timeoutMs?: number
}

/**
 * The PATH of a person's login shell, as its start files make it. Whatever those print is passed over. Throws
 * `shell_failed`, `shell_timeout`.
 */
export async function loginShellPath({ shell, env, timeoutMs = 5000 }: ShellOptions): Promise<string> {
  const mark = randomUUID()
  // Old systems know no `-0`; a PATH holds no line break, so that lines do there.
  const command = `echo ${mark}; env -0 2>/dev/null || env; echo ${mark}`
  const child = spawn(shell, ['-ilc', command], {
    // A session without a terminal: an interactive shell must not stop to talk to one.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...env, SIGNALBOX_READS_ENVIRONMENT: '1', TERM: 'dumb' },
  })
  const ended = once(child, 'exit')
  const output = text(child.stdout)
  const isInTime = await within(Promise.all([ended, output]), timeoutMs)
  // What the start files left running would hold our pipe.
  if (child.pid !== undefined) endGroup(child.pid)
  if (!isInTime) throw shellError('shell_timeout', `${shell} took longer than ${timeoutMs / 1000} s to start`)
  await ended.catch((cause: unknown) => {
    throw shellError('shell_failed', `${shell} cannot be started`, cause)
  })
  const path = pathIn(await output, mark)
  if (path === null) throw shellError('shell_failed', `${shell} did not tell its environment`)
  return path
}

/** PATH among the variables that stand between the first mark and the last: dash keeps the first one in `_`. */
export function pathIn(output: string, mark: string): string | null {
  const variables = output.slice(output.indexOf(mark), output.lastIndexOf(mark))
  const line = variables.split(/[\0\n]/).find((variable) => variable.startsWith('PATH='))
  return line === undefined ? null : line.slice('PATH='.length)
}

function shellError(code: string, message: string, cause?: unknown): AppError {
  return new AppError(code, message, {
    hint: 'Look at the start files of your shell, then detect the PATH again.',
    cause,
  })
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of it is left, as it should be.
  }
}
