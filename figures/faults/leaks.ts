import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { added, descriptorsOf, ownConnection, threadsOf } from './descriptors.ts'
import type { EngineUnderTest } from './engine-under-test.ts'
import { machineMs } from './machine-clock.ts'

/** What an engine holds at one moment. */
export interface Holdings {
  descriptors: string[]
  threads: string[]
  zombies: number
  handles: number
  temporary: string[]
}

/** Kinds of handles that a server costs; connections of the figure itself come and go. */
const counted = new Set(['ProcessWrap', 'PipeWrap'])
/** Connections of the figure itself may be open while it looks. */
const sparedConnections = 4
/**
 * Threads that stay for a while after their work by right, and for how long: the one that compresses a flood of log lines
 * rests until the next, and its event loop has descriptors.
 */
const restsMs = new Map([['store:packer', 10_000]])

export async function holdingsOf(engine: EngineUnderTest, temporaryFolder: string): Promise<Holdings> {
  const { handles } = await engine.probe()
  return {
    descriptors: await descriptorsOf(engine.pid, Number(new URL(engine.url).port)),
    threads: await threadsOf(engine.pid),
    zombies: (await table()).filter(({ parent, state }) => parent === engine.pid && state === 'Z').length,
    handles: Object.entries(handles).reduce((sum, [kind, count]) => sum + (counted.has(kind) ? count : 0), 0),
    temporary: (await readdir(temporaryFolder)).sort(),
  }
}

/** What an engine holds more than before and what still runs of a row; empty once nothing does, or after a while. */
export async function leftBehind(
  engine: EngineUnderTest,
  temporaryFolder: string,
  before: Holdings,
  row: { mark: string; folder: string },
  patienceMs: number,
): Promise<string[]> {
  const begunMs = machineMs()
  for (;;) {
    const now = await holdingsOf(engine, temporaryFolder)
    const left = await leftOf(now, before, row)
    const resting = added(now.threads, before.threads).map((thread) => restsMs.get(thread) ?? 0)
    if (left.length === 0 || machineMs() > begunMs + patienceMs + Math.max(0, ...resting)) return left
    await delay(100)
  }
}

async function leftOf(now: Holdings, before: Holdings, row: { mark: string; folder: string }): Promise<string[]> {
  const pids = await processesOf(row)
  const files = now.temporary.filter((name) => !before.temporary.includes(name))
  const descriptors = added(now.descriptors, before.descriptors)
  const connections = descriptors.filter((descriptor) => descriptor === ownConnection).slice(sparedConnections)
  const others = descriptors.filter((descriptor) => descriptor !== ownConnection)
  return [
    ...pids.map((pid) => `process ${pid}`),
    ...files.map((name) => `file ${name}`),
    ...[...connections, ...others].map((descriptor) => `descriptor ${descriptor}`),
    ...added(now.threads, before.threads).map((thread) => `thread ${thread}`),
    ...(now.zombies > before.zombies ? [`${now.zombies - before.zombies} zombies`] : []),
    ...(now.handles > before.handles ? [`${now.handles - before.handles} handles`] : []),
  ]
}

/** Living processes with the mark of a row in their environment, or noted in its folder. */
async function processesOf({ mark, folder }: { mark: string; folder: string }): Promise<number[]> {
  const noted = (await readFile(join(folder, 'pids'), 'utf8').catch(() => '')).split('\n').map(Number)
  const living = (await table()).filter(({ state }) => state !== 'Z')
  const found = living.map(async ({ pid }) => {
    if (noted.includes(pid)) return pid
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    return environment.includes(`FAULT_MARK=${mark}\0`) ? pid : null
  })
  return (await Promise.all(found)).filter((pid) => pid !== null)
}

async function table(): Promise<{ pid: number; parent: number; state: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const rows = pids.map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { pid: Number(pid), parent: Number(parent), state: state ?? '' }
  })
  return (await Promise.all(rows)).filter(({ state }) => state !== '')
}
