// A program for the tests to kill: ends one task after the other within one hour, and says after some how many the store
// has acknowledged. Its argument: the database.
import { openStore } from './open-store.ts'
import { newTask, statusEvent, storeWorker } from './test-store.ts'

const { store } = await openStore({ file: process.argv[2]!, worker: storeWorker })
for (let ended = 1; ended < 900; ended++) {
  const row = newTask()
  await store.tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
  const patch = { status: 'completed', duration_ms: 5, finished_at: row.created_at } as const
  await store.tasks.update(row.task_id, patch, [statusEvent(row.task_id, 2, 'completed')])
  if (ended === 200) process.send?.(ended)
}
