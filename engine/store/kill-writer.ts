// A program for the tests to kill: inserts tasks without end and prints the id of each once the store acknowledged it.
import { writeSync } from 'node:fs'
import { openStore } from './open-store.ts'
import { newTask, statusEvent, storeWorker } from './test-store.ts'

const { store } = await openStore({ file: process.argv[2]!, worker: storeWorker })

const writers = Array.from({ length: 8 }, async () => {
  for (;;) {
    const row = newTask()
    await store.tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
    await store.tasks.update(row.task_id, { status: 'running', sent: true }, [statusEvent(row.task_id, 2, 'running')])
    // Synchronous, so that the line is out before anything else happens.
    writeSync(1, `${row.task_id}\n`)
  }
})
await Promise.all(writers)
