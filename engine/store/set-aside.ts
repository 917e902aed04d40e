import { existsSync, renameSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Moves a database together with its -wal, -shm and mark to `<name>.damaged-<time>`; nothing is deleted.
 * The side files keep their endings, so that recovery tools find them. Returns the new name, without its folder.
 */
export function setAside(file: string, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:.]/g, '')
  const target = firstFree(`${file}.damaged-${time}`)
  for (const ending of ['', '-wal', '-shm', '.mark']) {
    if (existsSync(file + ending)) renameSync(file + ending, target + ending)
  }
  return basename(target)
}

function firstFree(path: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${path}-${number}`
    if (!existsSync(candidate)) return candidate
  }
}
