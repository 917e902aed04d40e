import { chmodSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** A copy of a database with its log of changes, in a folder of its own that goes with it. */
export function privateCopy(file: string): Disposable & { file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-copy-'))
  const copy = join(folder, basename(file))
  for (const ending of ['', '-wal']) {
    if (!existsSync(file + ending)) continue
    copyFileSync(file + ending, copy + ending, constants.COPYFILE_FICLONE)
    chmodSync(copy + ending, 0o600)
  }
  return { file: copy, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
