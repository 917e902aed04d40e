import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineUnderTest } from './engine-under-test.ts'
import { machineMs } from './machine-clock.ts'

/** What an engine holds at one moment. */
export interface Holdings {
  fds: number
  zombies: number
  handles: number
  temporary: string[]
}

/** Kinds of handles that a server costs; connections of the figure itself come and go. */
const counted = new Set(['ProcessWrap', 'PipeWrap'])
/** Connections of the figure may be open while it looks. */
const sparedFds = 4

export async function holdingsOf(engine: EngineUnderTest, temporaryFolder: string): Promise<Holdings> {
  const { handles } = await engine.probe()
  return {
    fds: (await readdir(`/proc/${engine.pid}/fd`)).length,
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
  const deadline = machineMs() + patienceMs
  for (;;) {
    const left = await leftNow(engine, temporaryFolder, before, row)
    if (left.length === 0 || machineMs() > deadline) return left
    await delay(100)
  }
}

async function leftNow(
  engine: EngineUnderTest,
  temporaryFolder: string,
  before: Holdings,
  row: { mark: string; folder: string },
): Promise<string[]> {
  const now = await holdingsOf(engine, temporaryFolder)
  const pids = await processesOf(row)
  const files = now.temporary.filter((name) => !before.temporary.includes(name))
  return [
    ...pids.map((pid) => `process ${pid}`),
    ...files.map((name) => `file ${name}`),
    ...(now.fds > before.fds + sparedFds ? [`${now.fds - before.fds} file descriptors`] : []),
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
