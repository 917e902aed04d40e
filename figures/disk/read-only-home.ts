import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '../../engine/store/open-store.ts'
import { newTask, storeWorker } from '../../engine/store/test-store.ts'
import type { Figure } from '../figure.ts'
import { runMounted } from './mounted.ts'

const program = fileURLToPath(new URL('./read-only-program.ts', import.meta.url))
const script = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; exec "$2" "$3" "$1" "$4"'

/** A home on a disk that cannot be written is read, and told. */
export async function readOnlyHome(figure: Figure): Promise<void> {
  const name = 'home that cannot be written'
  const home = await mkdtemp(join(tmpdir(), 'signalbox-read-only-'))
  try {
    const row = newTask()
    {
      const { store } = await openStore({ file: join(home, 'signalbox.db'), worker: storeWorker })
      await using _ = store
      await store.tasks.insert(row, [])
    }
    const run = runMounted(script, [home, process.execPath, program, row.task_id])
    if ('reason' in run) figure.notRun(name, run.reason)
    else await figure.check(name, () => assert.equal(run.status, 0, run.output))
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
