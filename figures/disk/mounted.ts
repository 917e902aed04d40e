import { spawnSync } from 'node:child_process'

/** What takes longer hangs. */
const longestRunMs = 120_000

interface Run {
  status: number | null
  output: string
}

/**
 * Runs a shell script, with its arguments, where its mounts are its own and end with it. Null with the reason where
 * this system or this user cannot.
 */
export function runMounted(script: string, args: readonly string[]): Run | { reason: string } {
  const probe = spawnSync('unshare', ['-m', 'true'], { encoding: 'utf8' })
  if (probe.status !== 0)
    return { reason: `no mounts of one's own here: ${probe.stderr?.trim() || probe.error?.message}` }
  const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-e', '-c', script, 'sh', ...args], {
    encoding: 'utf8',
    timeout: longestRunMs,
  })
  return { status, output: `${stdout}${stderr}` }
}
