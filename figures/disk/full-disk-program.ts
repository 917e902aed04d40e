// Fills the small disk of its folder with tasks until new ones are refused, ends what runs, makes room, goes on, and
// reads everything back. Ends with 0 when nothing that was acknowledged is lost.
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openStore } from '../../engine/store/open-store.ts'
import { connect } from '../../engine/store/sqlite.ts'
import type { Store } from '../../engine/store/store.ts'
import { newTask, statusEvent, storeWorker } from '../../engine/store/test-store.ts'
import { AppError } from '../../shared/app-error.ts'
import type { TaskId } from '../../shared/ids.ts'

const home = process.argv[2]!
const file = join(home, 'signalbox.db')
const ballast = join(home, 'ballast')
const acknowledged = new Map<TaskId, 'running' | 'completed'>()

writeFileSync(ballast, Buffer.alloc(22 * 1024 * 1024))
{
  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  assert.deepEqual([banner, store.disk.banner], [null, null])
  await untilRefused(store)
  assert.equal(store.disk.banner?.code, 'disk_full')
  // What runs is ended in the room that was kept for it.
  for (const [id, status] of acknowledged) if (status === 'running') await end(store, id)
  await readBack(store)
}
{
  // A start on a disk that is still full.
  const { store } = await openStore({ file, worker: storeWorker })
  await using _ = store
  await readBack(store)
  // The end of the first life may have made a little room.
  if (!store.disk.isFull) await untilRefused(store)
  assert.equal(store.disk.banner?.code, 'disk_full')
  const { promise: isRoomy, resolve } = Promise.withResolvers<void>()
  store.disk.onChange((banner) => banner === null && resolve())
  rmSync(ballast)
  await isRoomy
  await end(store, await begin(store))
  await readBack(store)
}
const sqlite = connect(file, { readonly: true })
assert.equal(sqlite.pragma('integrity_check', { simple: true }), 'ok')
sqlite.close()

/** Four of five tasks are ended at once, the fifth goes on running. */
async function untilRefused(store: Store): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      const id = await begin(store)
      if (count % 5 > 0) await end(store, id)
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === 'disk_full', String(error))
      return
    }
    await nextTurn()
  }
}

async function begin({ tasks }: Store): Promise<TaskId> {
  const row = newTask({ parameters: { text: 'x'.repeat(2_000) } })
  await tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
  acknowledged.set(row.task_id, 'running')
  await tasks.update(row.task_id, { status: 'running', sent: true }, [])
  return row.task_id
}

async function end({ tasks }: Store, id: TaskId): Promise<void> {
  await tasks.update(id, { status: 'completed' }, [statusEvent(id, 2, 'completed')])
  acknowledged.set(id, 'completed')
}

async function readBack({ tasks }: Store): Promise<void> {
  const lost: string[] = []
  for (const [id, status] of acknowledged) {
    const task = await tasks.get(id)
    if (task?.status !== status) lost.push(`${id} ${status}, found ${task?.status}`)
  }
  assert.deepEqual(lost, [], `of ${acknowledged.size} acknowledged`)
}
process.exit(0)
