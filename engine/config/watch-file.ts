import { type FSWatcher, unwatchFile, watch, watchFile } from 'node:fs'
import { basename, dirname } from 'node:path'

const pollMs = 1_000

/**
 * Calls `onSignal` soon after the file may have changed in any way: written, replaced, deleted, made. Two sources,
 * because neither suffices: the folder's events are quick but missing on network drives, behind a symbolic link and
 * where the system has no watches left; the poll sees all of these within a second.
 */
export function watchFileForChange(path: string, onSignal: () => void): Disposable {
  watchFile(path, { interval: pollMs, persistent: false }, onSignal)
  const folder = watchFolder(path, onSignal)
  return {
    [Symbol.dispose]() {
      unwatchFile(path, onSignal)
      folder?.close()
    },
  }
}

function watchFolder(path: string, onSignal: () => void): FSWatcher | null {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) onSignal()
    })
    // Without folder events the poll still reports every change.
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    // No folder yet, or no watches left on this system: the poll is enough.
    return null
  }
}
