import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { chainBanner } from '../../engine/store/chain-verdict.ts'
import { readMark } from '../../engine/store/high-water-mark.ts'
import { openStore } from '../../engine/store/open-store.ts'
import { connect } from '../../engine/store/sqlite.ts'
import type { Store } from '../../engine/store/store.ts'
import { newTask, statusEvent, storeWorker } from '../../engine/store/test-store.ts'
import type { TaskId } from '../../shared/ids.ts'

/** Something that befalls the files of a store between two lives of the program. */
export interface Ruin {
  name: string
  /** How the program ended before: after a kill its log of changes lies beside the file. */
  end: 'closed' | 'killed'
  /** `told`: the loss is in a banner. `nothing lost`: all is there and there is no banner. */
  expected: 'told' | 'nothing lost'
  /** `older`: a folder with the files of the same store as they were a few tasks earlier. */
  befall(file: string, older: string): void
}

/** Stands in the parameters of few tasks. */
export const marked = 'Milk and nothing else'

const parts = [150, 150, 100] as const
const many = parts.reduce((sum, part) => sum + part, 0)

/** Has it befall a store with many tasks; throws unless it is told, nothing is deleted, and the store goes on. */
export async function ruined(folder: string, { befall, end, expected }: Ruin): Promise<void> {
  const home = join(folder, 'home')
  const older = join(folder, 'older')
  await fill(folder, { home, older, end })
  const file = join(home, 'signalbox.db')
  befall(file, older)
  const spoilt = existsSync(file) ? readFileSync(file) : null

  const { store, banner } = await openStore({ file, worker: storeWorker })
  await using _ = store
  const told = banner ?? chainBanner(await store.verifyChain())
  if (expected === 'nothing lost') {
    assert.equal(told, null)
    assert.equal(await store.tasks.count(), many)
  } else {
    assert.notEqual(told, null, `nothing was told, and ${await store.tasks.count()} of ${many} tasks are there`)
  }
  if (told?.code === 'store_damaged' && spoilt !== null) {
    const aside = readdirSync(home).filter((name) => /\.damaged-[^.-]+(-\d+)?$/.test(name))
    assert.ok(
      aside.some((name) => readFileSync(join(home, name)).equals(spoilt)),
      `the damaged file is not kept as it was among: ${readdirSync(home).join(', ')}`,
    )
  }
  // It goes on: what is written now is there.
  const [id] = await complete(store, 1)
  assert.equal((await store.tasks.get(id!))?.status, 'completed')
}

/** Makes the store of `home`, as the program leaves it at its end. */
async function fill(folder: string, { home, older, end }: { home: string; older: string; end: Ruin['end'] }) {
  const made = join(folder, 'made')
  const file = join(made, 'signalbox.db')
  const { store } = await openStore({ file, worker: storeWorker })
  await using _ = store
  await complete(store, parts[0])
  copyStore(made, older)
  await complete(store, parts[1])
  // From here on what is new is in the log of changes alone.
  const sqlite = connect(file)
  sqlite.pragma('wal_checkpoint(truncate)')
  sqlite.close()
  await complete(store, parts[2])
  while (readMark(file)?.number !== many) await delay(50)
  if (end === 'closed') await store[Symbol.asyncDispose]()
  copyStore(made, home)
}

function copyStore(from: string, to: string): void {
  mkdirSync(to)
  for (const ending of ['', '-wal', '.mark']) {
    const name = `signalbox.db${ending}`
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
  }
}

async function complete({ tasks }: Store, count: number): Promise<TaskId[]> {
  const rows = Array.from({ length: count }, (_, index) =>
    newTask({ parameters: { title: index === 7 && count > 10 ? marked : 'Milk' } }),
  )
  await Promise.all(
    rows.map(async (row) => {
      await tasks.insert(row, [statusEvent(row.task_id, 1, 'queued')])
      const result = { content: [{ type: 'text', text: 'written '.repeat(60) }] }
      await tasks.update(row.task_id, { status: 'completed', result }, [statusEvent(row.task_id, 2, 'completed')])
    }),
  )
  await tasks.count()
  return rows.map((row) => row.task_id)
}
