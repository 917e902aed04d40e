import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { markerOf, runMarker } from './environment.ts'

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
  readonly marker: string
  readonly known: readonly ProcessRow[]
}

/** The living processes of a run: its group, their descendants, and on Linux whoever carries its marker. */
export async function kinOf(kinship: Kinship, platform: NodeJS.Platform): Promise<ProcessRow[]> {
  const table = await processTable(platform)
  const kin = new Set(table.filter((row) => row.group === kinship.group).map((row) => row.pid))
  for (const row of kinship.known) {
    if (table.some((other) => other.pid === row.pid && other.startedAt === row.startedAt)) kin.add(row.pid)
  }
  if (platform === 'linux') {
    for (const [pid, marker] of await markedPids(table)) if (marker === kinship.marker) kin.add(pid)
  }
  return withDescendants(kin, table)
}

/** The markers of an install's processes, by pid; empty where the system does not show environments. */
export async function runsOfInstall(
  installId: string,
  table: readonly ProcessRow[],
  platform: NodeJS.Platform,
): Promise<ReadonlyMap<number, string>> {
  const prefix = markerOf(installId, '')
  const markers = platform === 'linux' ? [...(await markedPids(table))] : []
  const ours = markers.filter(([, marker]) => marker.startsWith(prefix))
  return new Map(ours.map(([pid, marker]) => [pid, marker.slice(prefix.length)]))
}

/** Those rows, and all that descends from them; never ourselves. */
export function withDescendants(kin: Set<number>, table: readonly ProcessRow[]): ProcessRow[] {
  let before: number
  do {
    before = kin.size
    for (const row of table) if (kin.has(row.parent)) kin.add(row.pid)
  } while (kin.size > before)
  kin.delete(process.pid)
  return table.filter((row) => kin.has(row.pid))
}

/** The marker that a process carries, by pid, where it carries one. */
async function markedPids(table: readonly ProcessRow[]): Promise<ReadonlyMap<number, string>> {
  const name = `${runMarker}=`
  const marked = new Map<number, string>()
  await Promise.all(
    table.map(async ({ pid }) => {
      const variable = (await readProc(pid, 'environ')).split('\0').find((text) => text.startsWith(name))
      if (variable !== undefined) marked.set(pid, variable.slice(name.length))
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

/** When a process began, in the words of its system; null when it is gone. On Windows the time now, which is near. */
export async function processStart(pid: number, platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'win32') return String(Date.now())
  if (platform === 'linux') return rowFromStat(pid, await readProc(pid, 'stat'))?.startedAt ?? null
  return (await psTable(['-p', String(pid)])).at(0)?.startedAt ?? null
}

async function psTable(which = ['-ax']): Promise<ProcessRow[]> {
  const columns = ['-o', 'pid=,ppid=,pgid=,stat=,lstart=']
  const { stdout } = await promisify(execFile)('/bin/ps', [...which, ...columns]).catch((error: unknown) => {
    // A process that has gone meanwhile is no row, and an exit code of 1.
    if (which.length > 1) return { stdout: '' }
    throw error
  })
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group, state, ...startedAt] = line.trim().split(/\s+/)
    if (state === undefined || state.startsWith('Z')) return []
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), startedAt: startedAt.join('_') }]
  })
}
