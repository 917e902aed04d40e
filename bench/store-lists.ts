// What the page asks the store for at its first paint, on 100,000 stored tasks against 100, in one run. Ratios only.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '../engine/store/open-store.ts'
import type { Store } from '../engine/store/store.ts'
import { type ServerId, type TaskId, uuidV7 } from '../shared/ids.ts'
import type { TaskStatus } from '../shared/task.ts'

const rounds = 200
const sizes = { small: 100, large: 100_000 }
const worker = fileURLToPath(new URL('../engine/store/store-worker.ts', import.meta.url))
const now = Date.now()

const questions: Record<string, (store: Store) => Promise<unknown>> = {
  'newest page': ({ tasks }) => tasks.list({ limit: 100 }),
  'page of one server and status': ({ tasks }) =>
    tasks.list({ limit: 100, agent: ['server 3' as ServerId], status: ['failed'] }),
  'page of two statuses': ({ tasks }) => tasks.list({ limit: 100, status: ['completed', 'failed'] }),
  'open tasks': ({ tasks }) => tasks.list({ limit: 100, status: ['queued', 'running', 'input_required'] }),
  'last hour': ({ tasks }) => tasks.list({ limit: 100, since: new Date(now - 3_600_000).toISOString() }),
  facets: ({ tasks }) => tasks.facets({}),
  count: ({ tasks }) => tasks.count(),
  day: ({ tasks }) => tasks.day(new Date(now).toISOString()),
}
const firstPaint = ['newest page', 'facets', 'count', 'day']

const home = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
try {
  await using small = await seeded(sizes.small)
  await using large = await seeded(sizes.large)
  await compare(small, large)
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function compare(small: Store, large: Store): Promise<void> {
  const all = async (store: Store): Promise<void> => {
    await Promise.all(firstPaint.map((name) => questions[name]!(store)))
  }
  for (const [name, ask] of Object.entries({ 'first paint (all of it at once)': all, ...questions })) {
    const times = { small: [] as number[], large: [] as number[] }
    // In turns, so that whatever else the machine does meets both.
    for (let round = 0; round < rounds; round++) {
      times.small.push(await timed(() => ask(small)))
      times.large.push(await timed(() => ask(large)))
    }
    const ratio = median(times.large) / median(times.small)
    console.log(`${name}: ${ratio.toFixed(2)}x`)
  }
}

/** Tasks over 48 hours, 12 servers, 5 tools each; a few are still running. */
async function seeded(count: number): Promise<Store> {
  const { store } = await openStore({ file: join(home, `${count}.db`), worker })
  const stepMs = (48 * 3_600_000) / count
  for (let start = 0; start < count; start += 1_000) {
    const indexes = Array.from({ length: Math.min(1_000, count - start) }, (_, index) => start + index)
    await Promise.all(indexes.map((index) => seedTask(store, index, now - (count - index) * stepMs, index > count - 5)))
  }
  return store
}

async function seedTask({ tasks }: Store, index: number, createdMs: number, isOpen: boolean): Promise<void> {
  const task_id = uuidV7() as TaskId
  const created_at = new Date(createdMs).toISOString()
  const finished: TaskStatus = index % 20 === 0 ? 'failed' : 'completed'
  await tasks.insert(
    {
      task_id,
      agent: `server ${index % 12}` as ServerId,
      action: `tool ${index % 5}`,
      origin: index % 3 === 0 ? 'api' : 'page',
      parent_id: null,
      rerun_of: null,
      created_at,
      timeout_ms: 60_000,
      parameters: { text: 'x'.repeat(300) },
    },
    [],
  )
  if (isOpen) return
  await tasks.update(
    task_id,
    { status: finished, finished_at: created_at, duration_ms: (index * 37) % 2_000, result: { text: 'y'.repeat(600) } },
    [],
  )
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await ask()
  return performance.now() - start
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
