// Opens the store of a home that cannot be written: what is there can be read, what is new is refused, and it is told.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openStore } from '../../engine/store/open-store.ts'
import { newTask, storeWorker } from '../../engine/store/test-store.ts'
import type { TaskId } from '../../shared/ids.ts'

const [home, id] = process.argv.slice(2) as [string, TaskId]
const { store, banner } = await openStore({ file: join(home, 'signalbox.db'), worker: storeWorker })
await using _ = store
assert.equal(banner?.code, 'home_read_only')
assert.equal((await store.tasks.get(id))?.task_id, id)
await assert.rejects(store.tasks.insert(newTask(), []), { code: 'store_read_only' })
