import { execFileSync } from 'node:child_process'
import type { Need } from './fault.ts'

/** Why something that a row needs is not to be had here; null where it is. */
export function lackOf(need: Need): string | null {
  switch (need) {
    case 'root':
      return process.platform === 'linux' && process.getuid?.() === 0 ? null : 'only root may mount a disk of its own'
    case 'openssl':
      return canRun('openssl', 'version') ? null : 'openssl is not installed'
    case 'linux':
      return process.platform === 'linux' ? null : 'only Linux tells here which addresses a program listens on'
    default:
      return need satisfies never
  }
}

function canRun(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
