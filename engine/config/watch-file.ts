import { type FSWatcher, type Stats, statSync, watch } from 'node:fs'
import { stat } from 'node:fs/promises'

const pollMs = 1_000

/**
 * Calls `onSignal` soon after the file may have changed in any way: written, replaced, deleted, made. Two sources,
 * because neither suffices: the file's own events are quick but missing on network drives, for a file that is not there
 * yet and where the system has no watches left; the poll sees all of these within a second. The folder is not watched: a
 * busy database lies beside the file, and each of its writes would be an event.
 */
export function watchFileForChange(path: string, onSignal: () => void): Disposable {
  let watcher: FSWatcher | null = null
  let isOver = false
  const changed = (isOther: boolean): void => {
    if (isOver) return
    onSignal()
    // What was watched may be the file that was replaced.
    if (isOther) rearm()
  }
  // From now on: what is made before the first poll is a change, too.
  let seen = signatureNow(path)
  const poll = setInterval(async () => {
    // Gone or out of reach is a state of the file like any other.
    const now = signatureOf(await stat(path).catch(() => undefined))
    if (now === seen) return
    seen = now
    changed(true)
  }, pollMs)
  poll.unref()
  rearm()
  return {
    [Symbol.dispose]() {
      clearInterval(poll)
      isOver = true
      watcher?.close()
    },
  }

  function rearm(): void {
    watcher?.close()
    watcher = watchQuickly(path, (event) => changed(event === 'rename'))
  }
}

function watchQuickly(path: string, onEvent: (event: string) => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, onEvent)
    // Without its events the poll still reports every change.
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    // No file yet, or no watches left on this system: the poll is enough.
    return null
  }
}

function signatureOf(stats: Stats | undefined): string {
  return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`
}

function signatureNow(path: string): string {
  try {
    return signatureOf(statSync(path))
  } catch {
    // As in the poll: gone or out of reach.
    return ''
  }
}
