import type { ProcessRow } from './process-table.ts'
import { pause } from './within.ts'

const firstLookMs = 20
const lastLookMs = 250

/** One by one instead of by group: a group's id may be used again as soon as its last process is gone. */
export function signalAll(rows: readonly ProcessRow[], signal: NodeJS.Signals): void {
  for (const { pid } of rows) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // Gone in the meantime, which is what was wanted, or changed its owner, which shows as a survivor.
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ESRCH' && code !== 'EPERM') throw error
    }
  }
}

/** Whether the fact came true in time. Processes that are not our children announce nothing, so it looks again, ever less often. */
export async function becomes(fact: () => Promise<boolean>, maxMs: number, signal?: AbortSignal): Promise<boolean> {
  const end = performance.now() + maxMs
  for (let waitMs = firstLookMs; ; waitMs = Math.min(2 * waitMs, lastLookMs)) {
    if (await fact()) return true
    const leftMs = end - performance.now()
    if (leftMs <= 0 || signal?.aborted) return false
    await pause(Math.min(waitMs, leftMs), signal)
  }
}
