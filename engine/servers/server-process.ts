import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { AppError } from '../../shared/app-error.ts'
import { runMarker } from './environment.ts'
import type { Launch } from './launch.ts'
import { OutputTail } from './output-tail.ts'
import { spawnCommand } from './windows-command.ts'
import { within } from './within.ts'

/** How a process ended; `code` is null exactly when a signal ended it. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Milliseconds from spawn to exit. */
  readonly afterMs: number
}

/** A server's process, alive or not. On POSIX it leads its own process group, whose id is `pid`. */
export interface ServerProcess {
  readonly pid: number
  /** The value of the variable that this process, and all that it starts, carries. */
  readonly marker: string
  readonly stdin: Writable
  readonly stdout: Readable
  /** Resolves at `exit`, not at `close`: a grandchild that holds a pipe keeps `close` away for ever. */
  readonly exited: Promise<Exit>
  /** Null while it runs. */
  readonly exit: Exit | null
  /** The last lines of stderr, oldest first, at most 50. */
  stderrTail(): string[]
  /** What stands on stderr behind the last line end, such as a question. */
  stderrOpenLine(): string
  /** Resolves once stderr has been read to its end, or after `maxMs` where a grandchild holds it open. */
  stderrRead(maxMs: number): Promise<void>
}

interface SpawnOptions {
  readonly marker: string
  readonly platform: NodeJS.Platform
  /** Called at once with stderr, before its first byte: who listens gets all of it. */
  onStderr(stderr: Readable): void
}

/**
 * Spawns a resolved launch and drains its stderr from the first byte on. Throws an AppError: `arguments_too_long`,
 * `not_executable` or `spawn_failed`.
 */
export async function spawnServer(launch: Launch, options: SpawnOptions): Promise<ServerProcess> {
  const startedAt = performance.now()
  const child = spawnChild(launch, options)
  const tail = new OutputTail()
  // First, since who comes after may give the chunks away.
  child.stderr.on('data', (chunk: Buffer) => tail.push(chunk))
  options.onStderr(child.stderr)
  // A pipe that breaks has said all that it had to say.
  const stderrEnd = finished(child.stderr)
    .catch(() => {})
    .then(() => tail.end())
  // A failed write reaches the link through its callback; without a listener it would also end the app.
  child.stdin.on('error', () => {})

  let exit: Exit | null = null
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal, afterMs: performance.now() - startedAt }
      resolve(exit)
    })
  })
  await once(child, 'spawn').catch((error: NodeJS.ErrnoException) => {
    throw spawnFailure(error, launch)
  })
  if (options.platform === 'linux') preferToKill(child.pid!)
  return {
    pid: child.pid!,
    marker: options.marker,
    stdin: child.stdin,
    stdout: child.stdout,
    exited,
    get exit() {
      return exit
    },
    stderrTail: () => tail.lines(),
    stderrOpenLine: () => tail.openLine,
    stderrRead: async (maxMs) => void (await within(stderrEnd, maxMs)),
  }
}

/** When memory runs out, the system shall end a server before the app that watches over all of them. */
function preferToKill(pid: number): void {
  // Where it may not be written, or the process has gone already, the system's own choice stands.
  writeFile(`/proc/${pid}/oom_score_adj`, '500').catch(() => {})
}

function spawnChild(launch: Launch, { platform, marker }: SpawnOptions) {
  const { file, args, verbatim } = spawnCommand(launch.command, launch.args, platform)
  try {
    return spawn(file, args, {
      cwd: launch.cwd,
      env: { ...launch.env, [runMarker]: marker },
      stdio: ['pipe', 'pipe', 'pipe'],
      // An own process group, so that one signal reaches whatever the command starts. On Windows it would open a console.
      detached: platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    })
  } catch (error) {
    // Too long arguments and invalid texts are thrown at once, all else comes as an event.
    throw spawnFailure(error as NodeJS.ErrnoException, launch)
  }
}

function spawnFailure(error: NodeJS.ErrnoException, launch: Launch): AppError {
  switch (error.code) {
    case 'E2BIG': {
      const texts = [launch.command, ...launch.args, ...Object.entries(launch.env).flat()]
      const kilobytes = Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0) / 1024)
      return new AppError('arguments_too_long', `Arguments and environment are too long, ${kilobytes} KB`, {
        hint: 'Shorten "args" and "env" in the configuration, or pass the text in a file.',
        cause: error,
      })
    }
    case 'EACCES':
    case 'ENOEXEC':
      return new AppError('not_executable', `${launch.command} cannot be executed here`, {
        hint: 'Check that it is a program for this system, and that its folder allows programs to be run.',
        cause: error,
      })
    case 'ENOENT':
      // Command and folder were found a moment ago, so it is the interpreter in the first line of a script.
      return new AppError('command_not_found', `The interpreter that ${launch.command} names does not exist`, {
        hint: `Look at the first line of ${launch.command}.`,
        cause: error,
      })
    default:
      return new AppError('spawn_failed', `Could not start ${launch.command}: ${error.message}`, {
        hint: 'Try again; if it stays so, the system has no room for more processes.',
        cause: error,
      })
  }
}
