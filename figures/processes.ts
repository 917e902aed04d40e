import { execFileSync } from 'node:child_process'

/** All processes below one, itself included, as the system lists them now. */
export function treeOf(root: number): number[] {
  const tree = [root]
  const table = processTable()
  for (const pid of tree) tree.push(...table.filter(({ parent }) => parent === pid).map((entry) => entry.pid))
  return tree
}

/** Those of some processes that still run; one that is dead and only waits to be reaped does not. */
export function alive(pids: readonly number[]): number[] {
  const running = new Set(processTable().map(({ pid }) => pid))
  return pids.filter((pid) => running.has(pid))
}

/** Processes whose command line holds a text. One that is dead and only waits to be reaped has none any more. */
export function processesWith(text: string): { pid: number; parent: number; args: string }[] {
  const listing = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  })
  return listing
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => {
      const [pid, parent, ...args] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), args: args.join(' ') }
    })
}

function processTable(): { pid: number; parent: number }[] {
  if (process.platform === 'win32') {
    const query = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) R" }'
    return parsed(execFileSync('powershell', ['-NoProfile', '-Command', query], { encoding: 'utf8' }))
  }
  return parsed(execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' }))
}

function parsed(text: string): { pid: number; parent: number }[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, state]) => parent !== undefined && !state?.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }))
}
