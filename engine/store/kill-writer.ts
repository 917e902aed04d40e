// A program for the tests to kill: inserts tasks without end and notes the id of each once the store acknowledged it, in
// a file, since a full pipe would hold it up. Its arguments: the database and the file of notes.
import { openSync, writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openStore } from './open-store.ts'
import { newTask, statusEvent, storeWorker } from './test-store.ts'

const { store } = await openStore({ file: process.argv[2]!, worker: storeWorker })
const notes = openSync(process.argv[3]!, 'a')

const writers = Array.from({ length: 8 }, async () => {
  for (;;) {
    const row = newTask()
    await store.tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
    await store.tasks.update(row.task_id, { status: 'running', sent: true }, [statusEvent(row.task_id, 2, 'running')])
    writeSync(notes, `${row.task_id}\n`)
    await nextTurn()
  }
})
process.send?.('writing')
await Promise.all(writers)
