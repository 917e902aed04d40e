import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { runMarker } from './environment.ts'

/** One process that is alive: zombies are left out, since nothing but their parent can do anything about them. */
export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** With the pid it names one process for ever; pids alone are used again. */
  readonly startedAt: string
}

/** All processes; empty on Windows, where `taskkill` walks the tree itself. */
export async function processTable(platform: NodeJS.Platform): Promise<ProcessRow[]> {
  if (platform === 'win32') return []
  return platform === 'linux' ? linuxTable() : psTable()
}

/** What a run's processes are recognised by. `known` are rows seen earlier, while their parents still lived. */
interface Kinship {
  readonly group: number
  readonly runId: string
  readonly known: readonly ProcessRow[]
}

/** The living processes of a run: its group, their descendants, and on Linux whoever carries its marker. */
export async function kinOf(kinship: Kinship, platform: NodeJS.Platform): Promise<ProcessRow[]> {
  const table = await processTable(platform)
  const kin = new Set(table.filter((row) => row.group === kinship.group).map((row) => row.pid))
  for (const row of kinship.known) {
    if (table.some((other) => other.pid === row.pid && other.startedAt === row.startedAt)) kin.add(row.pid)
  }
  if (platform === 'linux') for (const pid of (await markedPids(table, new Set([kinship.runId]))).keys()) kin.add(pid)
  return withDescendants(kin, table)
}

/**
 * The living processes of runs that another life of the app began, by run. On Linux their marker tells them; on macOS,
 * where environments cannot be read, a process with the pid of the run that began when the run did.
 */
export async function processesOfRuns(
  runs: readonly { id: string; pid: number | null; started_at: string }[],
  platform: NodeJS.Platform,
): Promise<Map<string, ProcessRow[]>> {
  const table = await processTable(platform)
  const marked = platform === 'linux' ? await markedPids(table, new Set(runs.map((run) => run.id))) : new Map()
  const found = new Map<string, ProcessRow[]>()
  for (const run of runs) {
    const isOfRun = (row: ProcessRow): boolean =>
      platform === 'linux'
        ? marked.get(row.pid) === run.id
        : row.pid === run.pid && Math.abs(Date.parse(row.startedAt) - Date.parse(run.started_at)) < sameStartMs
    const rows = withDescendants(new Set(table.filter(isOfRun).map((row) => row.pid)), table)
    if (rows.length > 0) found.set(run.id, rows)
  }
  return found
}

/** `ps` knows whole seconds, and a process begins a moment after its run. */
const sameStartMs = 2500

function withDescendants(kin: Set<number>, table: readonly ProcessRow[]): ProcessRow[] {
  let before: number
  do {
    before = kin.size
    for (const row of table) if (kin.has(row.parent)) kin.add(row.pid)
  } while (kin.size > before)
  kin.delete(process.pid)
  return table.filter((row) => kin.has(row.pid))
}

/** Which of the runs a process carries the marker of, by pid. */
async function markedPids(
  table: readonly ProcessRow[],
  runIds: ReadonlySet<string>,
): Promise<ReadonlyMap<number, string>> {
  const marker = `${runMarker}=`
  const marked = new Map<number, string>()
  await Promise.all(
    table.map(async ({ pid }) => {
      const variable = (await readProc(pid, 'environ')).split('\0').find((text) => text.startsWith(marker))
      const runId = variable?.slice(marker.length)
      if (runId !== undefined && runIds.has(runId)) marked.set(pid, runId)
    }),
  )
  return marked
}

async function linuxTable(): Promise<ProcessRow[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const rows = await Promise.all(pids.map(async (pid) => rowFromStat(pid, await readProc(pid, 'stat'))))
  return rows.filter((row) => row !== null)
}

/** See proc(5). The name in parentheses may itself hold spaces and parentheses, so fields count from the last one. */
function rowFromStat(pid: number, stat: string): ProcessRow | null {
  const [state, parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const startedAt = rest[16]
  if (startedAt === undefined || state === 'Z' || state === 'X') return null
  return { pid, parent: Number(parent), group: Number(group), startedAt }
}

/** Empty for a process that has gone meanwhile or belongs to somebody else. */
async function readProc(pid: number, file: 'stat' | 'environ'): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
}

async function psTable(): Promise<ProcessRow[]> {
  const { stdout } = await promisify(execFile)('/bin/ps', ['-axo', 'pid=,ppid=,pgid=,stat=,lstart='])
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group, state, ...startedAt] = line.trim().split(/\s+/)
    if (state === undefined || state.startsWith('Z')) return []
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), startedAt: startedAt.join(' ') }]
  })
}
