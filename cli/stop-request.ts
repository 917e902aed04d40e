import { readFileSync } from 'node:fs'

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
const wrapperPollMs = 500

/**
 * Resolves when the program is asked to end: by a signal, or because the npm that started it has ended. A second
 * signal ends it at once.
 */
export async function stopRequested(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let isAsked = false
  for (const signal of signals) {
    process.on(signal, () => {
      if (isAsked) process.exit(1)
      isAsked = true
      resolve(signal)
    })
  }
  const poll = watchWrapper(() => {
    isAsked = true
    resolve('the end of npm')
  })
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
  return setInterval(() => {
    // npm may have a shell between itself and us, which stays when npm goes.
    if (process.ppid !== parent || parentOf(parent) !== grandparent) onEnd()
  }, wrapperPollMs)
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
