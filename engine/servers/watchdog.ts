import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { runMarker } from './environment.ts'
import { linuxWatchdog, macWatchdog, windowsWatchdog } from './watchdog-script.ts'
import { within } from './within.ts'

/** One process that we answer for. */
export interface OwnedProcess {
  readonly runId: string
  /** Null before it is spawned: by then its marker alone would tell it. */
  readonly pid: number | null
  /** As in `ProcessRow.startedAt`; null while it is not known. */
  readonly startedAt: string | null
}

interface WatchdogOptions {
  readonly installId: string
  readonly platform: NodeJS.Platform
  readonly env: Readonly<NodeJS.ProcessEnv>
}

/** A watchdog that somebody ended comes back after this long. */
const returnMs = 1000
const farewellMs = 2000

/**
 * A process in a session of its own that ends our servers' processes when we die without having done so. It learns of
 * our death by the end of its stdin, and is told all that we own each time that changes.
 */
export class Watchdog implements AsyncDisposable {
  readonly #options: WatchdogOptions
  #child: ChildProcess
  #line = ''
  #return: NodeJS.Timeout | null = null
  #isDisposed = false

  constructor(options: WatchdogOptions) {
    this.#options = options
    this.#child = this.#spawn()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  tell(owned: readonly OwnedProcess[]): void {
    this.#line = lineOf(owned)
    this.#child.stdin!.write(`${this.#line}\n`)
  }

  /** Nothing is owned any more: it is let go, and leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    if (this.#return !== null) clearTimeout(this.#return)
    const child = this.#child
    child.stdin!.end()
    if (child.exitCode === null && child.signalCode === null) await within(once(child, 'exit'), farewellMs)
  }

  #spawn(): ChildProcess {
    const { installId, platform, env } = this.#options
    const [program, ...args] = programOf(platform, installId)
    const child = spawn(program!, args, {
      detached: platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: platform === 'win32' ? undefined : '/',
      env: { PATH: env.PATH || '/usr/bin:/bin', ...(env.SystemRoot && { SystemRoot: env.SystemRoot }) },
    })
    // A write into one that has just gone is made good by what its successor is told.
    child.stdin.on('error', () => {})
    const comeBack = (): void => {
      if (!this.#isDisposed) this.#return = setTimeout(() => this.#respawn(), returnMs)
    }
    child.once('exit', comeBack)
    // A system without the program has no watchdog; the next start still ends what is left.
    child.once('error', () => {})
    child.unref()
    return child
  }

  #respawn(): void {
    this.#child = this.#spawn()
    this.#child.stdin!.write(`${this.#line}\n`)
  }
}

/** The command of a platform's watchdog, which takes `lineOf` on its stdin. */
export function programOf(platform: NodeJS.Platform, installId: string): [string, ...string[]] {
  if (platform === 'win32') return ['powershell', '-NoProfile', '-NonInteractive', '-Command', windowsWatchdog]
  const script = platform === 'linux' ? linuxWatchdog : macWatchdog
  return ['/bin/sh', '-c', script, 'signalbox-watchdog', `${runMarker}=${installId}:`]
}

export function lineOf(owned: readonly OwnedProcess[]): string {
  return owned
    .map(({ runId, pid, startedAt }) => `${runId},${startedAt === null ? '-' : pid},${startedAt ?? '-'}`)
    .join(' ')
}
