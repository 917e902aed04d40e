import { readdirSync, readFileSync } from 'node:fs'

/** Of /proc, on every Linux that Node runs on. */
const msPerTick = 10

/** Milliseconds of processor time of a process, or of its threads of one name; null where the system does not tell. */
export function cpuMsOf(pid: number | 'self', thread?: string): number | null {
  try {
    if (thread === undefined) return spent(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    const all = readdirSync(`/proc/${pid}/task`).map((id) => readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8'))
    return all.filter((stat) => stat.includes(`(${thread})`)).reduce((sum, stat) => sum + spent(stat), 0)
  } catch {
    return null
  }
}

function spent(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * msPerTick
}
