import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { spawnCommand } from './windows-command.ts'

interface RunOptions {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly cwd?: string
  readonly signal?: AbortSignal
}

/**
 * Runs a resolved command to its end, batch files of Windows included, as servers are started. Rejects as `execFile` does,
 * also where it took longer than `timeoutMs`.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { platform, env, timeoutMs, cwd, signal }: RunOptions,
): Promise<{ stdout: string; stderr: string }> {
  const { file, args: passed, verbatim } = spawnCommand(command, args, platform)
  return promisify(execFile)(file, passed, {
    env,
    timeout: timeoutMs,
    windowsHide: true,
    windowsVerbatimArguments: verbatim,
    ...(cwd !== undefined && { cwd }),
    ...(signal && { signal }),
  })
}
