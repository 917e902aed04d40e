import { readFileSync } from 'node:fs'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const wrapperPollMs = 500

/** Ctrl+C reaches a program under npm twice, from the terminal and from npm: only a later one is a second. */
export const sameSignalMs = 1000

/**
 * Resolves when the program is asked to end: by a signal, or because the npm that started it has ended. A second
 * signal, a second later or more, ends it at once.
 */
export async function stopRequested(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let askedAt: number | undefined
  for (const signal of signals) {
    process.on(signal, () => {
      if (askedAt !== undefined && Date.now() - askedAt > sameSignalMs) process.exit(1)
      askedAt ??= Date.now()
      resolve(signal)
    })
  }
  const poll = watchWrapper(() => resolve('the end of npm'))
  try {
    return await promise
  } finally {
    clearInterval(poll)
  }
}

/** npm that is killed takes nobody along; only under npm does the end of a parent mean our own. */
function watchWrapper(onEnd: () => void): NodeJS.Timeout | undefined {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined
  const parent = process.ppid
  const grandparent = parentOf(parent)
  const poll = setInterval(() => {
    // npm may have a shell between itself and us, which stays when npm goes.
    if (process.ppid !== parent || parentOf(parent) !== grandparent) onEnd()
  }, wrapperPollMs)
  // A start that fails ends the program, watched or not.
  return poll.unref()
}

/** The parent of a process where /proc tells it; null elsewhere. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; the state and the parent follow its last bracket.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}
