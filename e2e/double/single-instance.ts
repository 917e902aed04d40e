import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface SecondInstance {
  argv: string[]
  workingDirectory: string
  data: unknown
}

/**
 * The lock of `app.requestSingleInstanceLock`, one a `userData` folder: the first process holds a file with its pid and
 * watches a folder; a later one leaves a note in that folder and learns at once that it is not the first.
 */
export function takeSingleInstanceLock(
  userData: string,
  data: unknown,
  onSecond: (second: SecondInstance) => void,
): boolean {
  const folder = join(userData, 'double-instances')
  const lock = join(folder, 'lock')
  mkdirSync(folder, { recursive: true })
  if (!create(lock)) {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) {
      const note: SecondInstance = { argv: process.argv, workingDirectory: process.cwd(), data }
      writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(note))
      return false
    }
    rmSync(lock)
    create(lock)
  }
  const watcher = watch(folder, () => {
    for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
      const text = readFileSync(join(folder, name), 'utf8')
      // Written a moment ago and not filled yet: the next change comes when it is.
      if (text === '') continue
      rmSync(join(folder, name))
      onSecond(JSON.parse(text) as SecondInstance)
    }
  })
  watcher.unref()
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return true
}

function create(lock: string): boolean {
  try {
    writeFileSync(openSync(lock, 'wx'), String(process.pid))
    return true
  } catch {
    // Another process made it first; whether that one still lives is the caller's question.
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No process has this pid: the lock is a leftover.
    return false
  }
}
