// A program to kill: eight writers bring tasks through their lives without end, and note each step in a file once the
// store has acknowledged it. With `mutant` it acknowledges before the store has anything.
import fs, { openSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Store } from '../engine/store/store.ts'
import { newTask, statusEvent } from '../engine/store/test-store.ts'
import { die, moment, turns } from './kill9-moment.ts'

const [file, notesFile, kind] = process.argv.slice(2) as [string, string, string]
const { name, nth } = moment()
const write = fs.writeSync
const notes = openSync(notesFile, 'a')
const isMutant = kind === 'mutant'

patchAppend()
const { openStore } = await import('../engine/store/open-store.ts')
const worker = fileURLToPath(new URL('./kill9-worker.ts', import.meta.url))
const { store } = await openStore({ file, worker })
process.send?.('writing')
await Promise.all(Array.from({ length: 8 }, () => writer(store)))

async function writer({ tasks }: Store): Promise<void> {
  for (;;) {
    const row = newTask()
    const id = row.task_id
    await acknowledged(`queued ${id}`, () => tasks.insert(row, [statusEvent(id, 1, 'queued')]))
    const sent = { status: 'running', sent: true } as const
    await acknowledged(`running ${id}`, () => tasks.update(id, sent, [statusEvent(id, 2, 'running')]))
    const end = { status: 'completed', result: { content: [] } } as const
    await acknowledged(`completed ${id}`, () => tasks.update(id, end, [statusEvent(id, 3, 'completed')]))
  }
}

async function acknowledged(note: string, act: () => Promise<void>): Promise<void> {
  if (isMutant) write(notes, `${note}\n`)
  await act()
  if (!isMutant) write(notes, `${note}\n`)
  // Whatever else the program has to do gets its turn, as between two calls of an agent.
  await nextTurn()
}

/** Has the nth append to the journal die before, in the middle of, or after its bytes have reached the system. */
function patchAppend(): void {
  if (!name.startsWith('append')) return
  const isTurn = turns(nth)
  fs.writeSync = ((fd: number, bytes: Uint8Array, ...rest: []) => {
    if (!isTurn()) return write(fd, bytes, ...rest)
    if (name === 'append, half of it') write(fd, bytes.subarray(0, bytes.length / 2))
    if (name === 'append, all of it') write(fd, bytes)
    return die()
  }) as typeof fs.writeSync
  syncBuiltinESMExports()
}
