import { Script } from 'node:vm'

declare global {
  var signalboxTimeBox: (() => void) | undefined
}

const script = new Script('signalboxTimeBox()')

/**
 * Runs a function and cuts it off when it has used about so many milliseconds of the processor, wherever it is, inside
 * a regular expression included. Null when it was cut off; what it throws is thrown. For pure functions only: one that
 * is cut off cleans nothing up, and one that only had to wait for the processor is run again.
 */
export function withinMs<T>(limitMs: number, run: () => T): { value: T } | null {
  const before = process.threadCpuUsage()
  for (;;) {
    const done = attempt(limitMs, run)
    if (done !== null) return done
    const { user, system } = process.threadCpuUsage(before)
    if ((user + system) / 1000 > limitMs * 0.8) return null
  }
}

function attempt<T>(limitMs: number, run: () => T): { value: T } | null {
  let done: { value: T } | null = null
  globalThis.signalboxTimeBox = () => {
    done = { value: run() }
  }
  try {
    // The limit of a script holds for everything that it calls.
    script.runInThisContext({ timeout: limitMs })
    return done
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null
    throw error
  } finally {
    globalThis.signalboxTimeBox = undefined
  }
}
