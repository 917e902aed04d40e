import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Figure } from '../figure.ts'
import { runMounted } from './mounted.ts'

const program = fileURLToPath(new URL('./full-disk-program.ts', import.meta.url))
const script = 'mount -t tmpfs -o size="$1" tmpfs "$2"; exec "$3" "$4" "$2"'

/** Fills a disk of that many bytes with tasks, then makes room again. */
export async function fullDisk(figure: Figure, bytes: number): Promise<void> {
  const name = `disk of ${bytes} bytes`
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-full-'))
  try {
    const run = runMounted(script, [String(bytes), folder, process.execPath, program])
    if ('reason' in run) figure.notRun(name, run.reason)
    else await figure.check(name, () => assert.equal(run.status, 0, run.output))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
