// The price of putting a call on record, in one run: not at all, a commit before the reply, the journal, and the journal
// on the disk itself. A call is three writes: queued, running, completed; one of a client, through the gateway, is two.
// Ratios to the commit, by CPU and by latency.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openDatabase } from '../engine/store/open-database.ts'
import { openStore } from '../engine/store/open-store.ts'
import { preciousRepos } from '../engine/store/repos.ts'
import type { CallRecorder, TaskRepo } from '../engine/store/store.ts'
import { newTask, statusEvent, storeWorker } from '../engine/store/test-store.ts'

const calls = 1_000
const repetitions = 3

type Recorder = AsyncDisposable & { record: Pick<TaskRepo, 'insert' | 'update'> | CallRecorder | null }

const recorders: Record<string, (file: string) => Promise<Recorder>> = {
  'no recording': async () => ({ record: null, [Symbol.asyncDispose]: async () => {} }),
  'commit before the reply': committing,
  journal: (file) => journaling(file, false),
  'journal, surviving a power cut': (file) => journaling(file, true),
  'journal, two writes': (file) => journaling(file, false, true),
  'journal, two writes, surviving a power cut': (file) => journaling(file, true, true),
}

const measured = new Map(Object.keys(recorders).map((name) => [name, { cpu: [] as number[], latency: [] as number[] }]))
const home = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
try {
  // In turns, so that whatever else the machine does meets all of them.
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [name, open] of Object.entries(recorders)) {
      const { cpu, latency } = await measure(open, join(home, `${name} ${repetition}`, 'signalbox.db'))
      measured.get(name)!.cpu.push(cpu)
      measured.get(name)!.latency.push(latency)
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
const base = measured.get('commit before the reply')!
const none = measured.get('no recording')!
for (const [name, { cpu, latency }] of measured) {
  const own = median(cpu) - median(none.cpu)
  const share = own / (median(base.cpu) - median(none.cpu))
  console.log(
    `${name}: CPU ${share.toFixed(2)}x (${Math.round(own)} us a call), latency ${(median(latency) / median(base.latency)).toFixed(2)}x (p50 ${median(latency).toFixed(3)} ms)`,
  )
}

/** CPU microseconds of the whole process a call, all threads and the close included, and the median latency in ms. */
async function measure(open: (file: string) => Promise<Recorder>, file: string) {
  const recorder = await open(file)
  for (let call = 0; call < 200; call++) await oneCall(recorder)
  const latencies: number[] = []
  const before = process.cpuUsage()
  for (let call = 0; call < calls; call++) {
    const start = performance.now()
    await oneCall(recorder)
    latencies.push(performance.now() - start)
    // The socket's turn.
    await nextTurn()
  }
  await recorder[Symbol.asyncDispose]()
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / calls, latency: median(latencies) }
}

async function oneCall({ record }: Recorder): Promise<void> {
  const row = newTask({ parameters: { message: 'x'.repeat(100) } })
  const id = row.task_id
  const queued = statusEvent(id, 1, 'queued')
  const running = statusEvent(id, 2, 'running')
  const completed = statusEvent(id, 3, 'completed')
  if (record === null) return
  const started_at = row.created_at
  const result = { content: [{ type: 'text', text: 'y'.repeat(100) }] }
  const patch = { status: 'completed', duration_ms: 1, finished_at: started_at } as const
  if ('begin' in record) {
    const { parameters, ...rest } = row
    await record.begin(rest, JSON.stringify(parameters), { started_at, run_id: null }, true)
    await record.end(id, patch, JSON.stringify(result), [], true)
    return
  }
  await record.insert(row, [queued])
  await record.update(id, { status: 'running', sent: true, started_at }, [running])
  await record.update(id, { ...patch, result }, [completed])
}

/** On this thread, each write a transaction: the plain way. */
async function committing(file: string): Promise<Recorder> {
  const database = await openDatabase(file, 'precious')
  const { repos } = preciousRepos(database)
  const tasks = repos.tasks!.target as TaskRepo
  const committed = async (write: () => Promise<void>): Promise<void> => {
    database.sqlite.exec('begin immediate')
    await write()
    database.sqlite.exec('commit')
  }
  return {
    record: {
      insert: (row, events) => committed(() => tasks.insert(row, events)),
      update: (id, patch, events) => committed(() => tasks.update(id, patch, events)),
    },
    [Symbol.asyncDispose]: async () => database[Symbol.dispose](),
  }
}

async function journaling(file: string, survivesPowerCut: boolean, isOfClient = false): Promise<Recorder> {
  const { store } = await openStore({ file, worker: storeWorker })
  await store.settings.set('tasks_survive_power_cut', survivesPowerCut)
  return { record: isOfClient ? store.calls : store.tasks, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
