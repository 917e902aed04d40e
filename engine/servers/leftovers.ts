import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ServerId } from '../../shared/ids.ts'
import type { Run } from '../../shared/server.ts'
import { becomes, signalAll } from './end-processes.ts'
import type { RegistryFile } from './process-registry.ts'
import { type ProcessRow, processTable, runsOfInstall, withDescendants } from './process-table.ts'
import { lineOf, programOf } from './watchdog.ts'

const graceMs = 1000
const killMs = 2000

interface LastLife {
  readonly installId: string
  /** The runs that were open, from `closeOpenRuns`. */
  readonly runs: readonly Pick<Run, 'id' | 'server'>[]
  readonly registry: RegistryFile | null
}

export interface Leftovers {
  /** What was found, by server; null where its server is not on record any more. */
  readonly ended: readonly { server: ServerId | null; pids: number[] }[]
  readonly survivors: readonly number[]
}

/**
 * Ends what an earlier life of the app has left behind, before anything is started and with the home locked, so that
 * whatever carries our install's marker or stands in the registry with its start time belongs to nobody alive.
 */
export async function endLeftovers(life: LastLife, platform: NodeJS.Platform): Promise<Leftovers> {
  if (platform === 'win32') return endWindowsLeftovers(life)
  const living = async (): Promise<ProcessRow[]> => [...(await leftoversByRun(life, platform)).values()].flat()
  const isGone = async (): Promise<boolean> => (await living()).length === 0

  const found = await leftoversByRun(life, platform)
  if (found.size === 0) return { ended: [], survivors: [] }
  const rows = [...found.values()].flat()
  signalAll(rows, 'SIGTERM')
  // A stopped process only takes its SIGTERM once it continues.
  signalAll(rows, 'SIGCONT')
  if (!(await becomes(isGone, graceMs))) {
    signalAll(await living(), 'SIGKILL')
    await becomes(isGone, killMs)
  }
  return { ended: byServer(found, life), survivors: (await living()).map((row) => row.pid) }
}

/** By marker where environments can be read, and by pid with start time; a leader's group and descendants are its own. */
async function leftoversByRun(
  { installId, registry }: LastLife,
  platform: NodeJS.Platform,
): Promise<Map<string, ProcessRow[]>> {
  const table = await processTable(platform)
  const runOf = new Map(await runsOfInstall(installId, table, platform))
  for (const { run_id, pid, started_at } of registry?.processes ?? []) {
    if (!table.some((row) => row.pid === pid && row.startedAt === started_at)) continue
    for (const row of table) if (row.group === pid || row.pid === pid) runOf.set(row.pid, run_id)
  }
  const found = new Map<string, ProcessRow[]>()
  const taken = new Set<number>()
  for (const run of new Set(runOf.values())) {
    const marked = new Set([...runOf].filter(([, other]) => other === run).map(([pid]) => pid))
    const rows = withDescendants(marked, table).filter((row) => !taken.has(row.pid))
    for (const row of rows) taken.add(row.pid)
    if (rows.length > 0) found.set(run, rows)
  }
  return found
}

function byServer(found: ReadonlyMap<string, ProcessRow[]>, { runs, registry }: LastLife): Leftovers['ended'] {
  const servers = new Map<string, ServerId>([
    ...(registry?.processes ?? []).map(({ run_id, server }) => [run_id, server as ServerId] as const),
    ...runs.map(({ id, server }) => [id, server] as const),
  ])
  return [...found].map(([run, rows]) => ({ server: servers.get(run) ?? null, pids: rows.map((row) => row.pid) }))
}

/** The watchdog's own program, which is told of the death at once. What it found it does not say. */
async function endWindowsLeftovers({ installId, registry }: LastLife): Promise<Leftovers> {
  const owned = registry?.processes ?? []
  if (owned.length === 0) return { ended: [], survivors: [] }
  const [program, ...args] = programOf('win32', installId)
  const child = spawn(program!, args, { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true })
  const line = lineOf(owned.map(({ run_id, pid, started_at }) => ({ runId: run_id, pid, startedAt: started_at })))
  child.stdin.end(`${line}\n`)
  await once(child, 'exit')
  return { ended: [], survivors: [] }
}
