import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { StopRung } from '../../shared/server.ts'
import { becomes, signalAll } from './end-processes.ts'
import { kinOf, type ProcessRow } from './process-table.ts'
import type { ServerProcess } from './server-process.ts'
import { within } from './within.ts'

interface StopOptions {
  readonly platform: NodeJS.Platform
  /** Milliseconds on each rung before the next. */
  readonly graceMs: number
  /** Resolves when no call is in flight; waited for at most `graceMs`. Left out: nothing to drain. */
  drain?(): Promise<void>
  /** Jumps to the last rung when it fires. */
  readonly force: AbortSignal
  onRung(rung: StopRung): void
  /** Processes that were not there when all were told to end. */
  onRevived?(pids: readonly number[]): void
}

interface StopResult {
  /** The last rung that was needed; null when nothing was alive any more. */
  readonly rung: StopRung | null
  /** Pids that are still alive, which only happens to processes that the system itself cannot end now. */
  readonly survivors: readonly number[]
}

/** Processes that the server left behind get no more than this until SIGKILL. */
const leftBehindMs = 1000
const killPasses = 3

/**
 * Ends a server's process and everything it started: drain, end of stdin, SIGTERM, SIGKILL, each rung only when the
 * one before did not do. Also clears up after a process that is already gone.
 */
export async function stopProcess(server: ServerProcess, options: StopOptions): Promise<StopResult> {
  const { platform, graceMs, force } = options
  let rung: StopRung | null = null
  const climb = (next: StopRung): void => {
    rung = next
    options.onRung(next)
  }

  if (server.exit === null && options.drain !== undefined && !force.aborted) {
    climb('drain')
    await within(options.drain(), graceMs, force)
  }
  // Children are found while their parents live: afterwards they belong to nobody and may have left the group.
  let known: ProcessRow[] = []
  const kin = async (): Promise<ProcessRow[]> => {
    known = await kinOf({ group: server.pid, marker: server.marker, known }, platform)
    return known
  }
  const told = new Set<number>()
  const tell = async (signal: NodeJS.Signals): Promise<void> => {
    const rows = await kin()
    const revived = told.size === 0 ? [] : rows.map(({ pid }) => pid).filter((pid) => !told.has(pid))
    if (revived.length > 0) options.onRevived?.(revived)
    for (const { pid } of rows) told.add(pid)
    signalAll(rows, signal)
  }
  const isGone = async (): Promise<boolean> => (await kin()).length === 0 && server.exit !== null
  await kin()

  if (server.exit === null && !force.aborted) {
    climb('stdin')
    server.stdin.end()
    const hasExited = await within(server.exited, graceMs, force)
    // Its children saw the same end of stdin, and may be a moment behind.
    if (hasExited) await becomes(isGone, Math.min(graceMs, leftBehindMs), force)
  }
  if (platform !== 'win32' && !force.aborted && !(await isGone())) {
    climb('sigterm')
    await tell('SIGTERM')
    // A stopped process only takes its SIGTERM once it continues.
    signalAll(known, 'SIGCONT')
    if (server.exit === null) await within(server.exited, graceMs, force)
    await becomes(isGone, server.exit === null ? 0 : Math.min(graceMs, leftBehindMs), force)
  }
  for (let pass = 0; pass < killPasses && !(await isGone()); pass++) {
    if (pass === 0) climb('sigkill')
    if (platform === 'win32') await killWindowsTree(server.pid)
    else await tell('SIGKILL')
    await becomes(isGone, leftBehindMs)
  }
  return { rung, survivors: (await kin()).map((row) => row.pid) }
}

/** `taskkill` fails when the tree is gone already, which is what was wanted; survivors show by the missing exit. */
async function killWindowsTree(pid: number): Promise<void> {
  await promisify(execFile)('taskkill', ['/PID', String(pid), '/T', '/F'], { windowsHide: true }).catch(() => {})
}
