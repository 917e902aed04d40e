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
export interface Kinship {
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
  if (platform === 'linux') for (const pid of await markedPids(table, kinship.runId)) kin.add(pid)
  addDescendants(kin, table)
  kin.delete(process.pid)
  return table.filter((row) => kin.has(row.pid))
}

function addDescendants(kin: Set<number>, table: readonly ProcessRow[]): void {
  let before: number
  do {
    before = kin.size
    for (const row of table) if (kin.has(row.parent)) kin.add(row.pid)
  } while (kin.size > before)
}

async function markedPids(table: readonly ProcessRow[], runId: string): Promise<number[]> {
  const marker = `${runMarker}=${runId}`
  const marked = await Promise.all(
    table.map(async ({ pid }) => ((await readProc(pid, 'environ')).split('\0').includes(marker) ? pid : null)),
  )
  return marked.filter((pid) => pid !== null)
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
