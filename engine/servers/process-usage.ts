import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type ProcessRow, processTable, withDescendants } from './process-table.ts'

/** What one process has used. */
export interface ProcessUsage {
  readonly pid: number
  readonly startedAt: string
  /** Milliseconds of processor time since it began, of all its threads. */
  readonly cpuMs: number
  readonly memoryBytes: number
}

/** The processes below each root, the root included, with what they use now. Roots that are gone have none. */
export async function usageOfTrees(
  roots: readonly number[],
  platform: NodeJS.Platform,
): Promise<Map<number, ProcessUsage[]>> {
  const table = platform === 'win32' ? await windowsTable() : await processTable(platform)
  const trees = roots.map((root) => [root, treeOf(root, table)] as const)
  const rows = trees.flatMap(([, tree]) => tree)
  const usages = platform === 'linux' ? await linuxUsages(rows) : platform === 'win32' ? rows : await psUsages(rows)
  const byPid = new Map(usages.filter(isUsage).map((usage) => [usage.pid, usage]))
  return new Map(trees.map(([root, tree]) => [root, tree.flatMap(({ pid }) => byPid.get(pid) ?? [])]))
}

/** A server's group, and what descends from it. */
function treeOf(root: number, table: readonly ProcessRow[]): ProcessRow[] {
  const kin = table.filter((row) => row.pid === root || row.group === root)
  return withDescendants(new Set(kin.map(({ pid }) => pid)), table)
}

function isUsage(row: ProcessRow | ProcessUsage | null): row is ProcessUsage {
  return row !== null && 'memoryBytes' in row
}

/** The kernel counts processor time for programs in hundredths of a second, whatever its own clock is. */
const tickMs = 10

async function linuxUsages(rows: readonly ProcessRow[]): Promise<(ProcessUsage | null)[]> {
  return Promise.all(
    rows.map(async ({ pid, startedAt }) => {
      try {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        const cpuMs = (Number(fields[11]) + Number(fields[12])) * tickMs
        return { pid, startedAt, cpuMs, memoryBytes: await linuxMemory(pid) }
      } catch {
        // Gone since the table was read.
        return null
      }
    }),
  )
}

/** Proportional where the kernel tells it, so that what many Nodes share is not counted many times. */
async function linuxMemory(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const proportional = /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]
  if (proportional !== undefined) return Number(proportional) * 1024
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}

async function psUsages(rows: readonly ProcessRow[]): Promise<ProcessUsage[]> {
  const { stdout } = await promisify(execFile)('/bin/ps', ['-axo', 'pid=,rss=,time='])
  const starts = new Map(rows.map(({ pid, startedAt }) => [pid, startedAt]))
  return stdout.split('\n').flatMap((line) => {
    const [pid, kilobytes, time] = line.trim().split(/\s+/)
    const startedAt = starts.get(Number(pid))
    if (startedAt === undefined || time === undefined) return []
    return [{ pid: Number(pid), startedAt, cpuMs: clockMs(time), memoryBytes: Number(kilobytes) * 1024 }]
  })
}

/** Milliseconds of `[[days-]hours:]minutes:seconds[.hundredths]`. */
export function clockMs(text: string): number {
  const [clock, days] = text.split('-').reverse()
  const seconds = clock!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days ?? 0) * 86_400 + seconds) * 1000)
}

async function windowsTable(): Promise<(ProcessRow & ProcessUsage)[]> {
  const query =
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.Ticks) $(($_.UserModeTime + $_.KernelModeTime) / 10000) $($_.WorkingSetSize)" }'
  const { stdout } = await promisify(execFile)('powershell', ['-NoProfile', '-NonInteractive', '-Command', query], {
    windowsHide: true,
    maxBuffer: 16 * 2 ** 20,
  })
  return stdout.split(/\r?\n/).flatMap((line) => {
    const [pid, parent, startedAt, cpuMs, memoryBytes] = line.trim().split(/\s+/)
    if (startedAt === undefined || memoryBytes === undefined) return []
    const ids = { pid: Number(pid), parent: Number(parent), group: -1, startedAt }
    return [{ ...ids, cpuMs: Number(cpuMs), memoryBytes: Number(memoryBytes) }]
  })
}
