import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const everyMs = 50
const cores = availableParallelism()
let countedMs = 0
let lastMs = performance.now()

// Kept going for as long as anything else runs.
setInterval(count, everyMs).unref()

/**
 * Milliseconds in which the machine had a core for everyone: where three programs want each core, a second counts as a
 * third of one. What must be right two seconds after its time is not late because other programs are busy.
 */
export function machineMs(): number {
  count()
  return countedMs
}

function count(): void {
  const now = performance.now()
  countedMs += (now - lastMs) / Math.max(1, runnable() / cores)
  lastMs = now
}

/** Threads that run or want to, now; as many as there are cores where the system does not tell. */
function runnable(): number {
  try {
    return Number(/^procs_running (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? cores)
  } catch {
    return cores
  }
}
