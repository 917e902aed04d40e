import { readFile } from 'node:fs/promises'

/** Whether a process with this id lives; one that we may not signal lives, too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The command line of a process, where the system tells it without a helper program (Linux); else null. */
export async function commandLineOf(pid: number): Promise<string | null> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim() || null
  } catch {
    // No /proc here, gone meanwhile, or not ours to read: unknown either way.
    return null
  }
}
