import { readFileSync } from 'node:fs'

/** Ticks of the fields in `/proc/PID/stat`; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Microseconds of processor that a process has used so far with all its threads, user and system; children apart. */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond
}

/** Bytes of a process that lie in memory, children apart. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024
}
