import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import type { Host } from '../host.ts'
import { resolveLaunch } from './launch.ts'
import { pathModule } from './platform-path.ts'
import { runCommand } from './run-command.ts'

export interface InstallContext {
  readonly host: Pick<Host, 'home' | 'node' | 'platform' | 'userHome'>
  readonly baseEnv: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** A program with its first arguments. */
export type Program = readonly [string, ...string[]]

const installMs = 180_000

/** The npm that comes with our Node, else the one on PATH. Throws `npm_missing`. */
export async function npmProgram(context: InstallContext): Promise<Program> {
  const { host } = context
  const beside = dirname(host.node)
  const { join: joined } = pathModule(host.platform)
  for (const modules of [joined(beside, 'node_modules'), joined(beside, '..', 'lib', 'node_modules')]) {
    const cli = joined(modules, 'npm', 'bin', 'npm-cli.js')
    const isThere = await access(cli).then(
      () => true,
      () => false,
    )
    if (isThere) return [host.node, cli]
  }
  try {
    return [await programOnPath('npm', context)]
  } catch (cause) {
    throw new AppError('npm_missing', 'There is no npm to install packages with', {
      hint: 'Install Node.js with npm, then detect the PATH again.',
      cause,
    })
  }
}

/** Absolute. Throws what finding a server's command does. */
export async function programOnPath(command: string, { host, baseEnv }: InstallContext): Promise<string> {
  const { platform, userHome } = host
  const spec = { command, args: [], env: {}, cwd: null }
  return (await resolveLaunch(spec, { baseEnv, platform, userHome })).command
}

/**
 * Runs a program that gets packages, in `folder`, at most three minutes long. Throws `install_failed` with the line of
 * what it said that tells most; `what` names what was to be installed.
 */
export async function runInstaller(
  [command, ...first]: Program,
  args: readonly string[],
  {
    folder,
    what,
    hint,
    context: { host, baseEnv, signal },
  }: { folder: string; what: string; hint: string; context: InstallContext },
): Promise<void> {
  try {
    const options = { platform: host.platform, cwd: folder, env: baseEnv, timeoutMs: installMs }
    await runCommand(command, [...first, ...args], { ...options, ...(signal && { signal }) })
  } catch (cause) {
    const said = tellingLine((cause as { stderr?: string }).stderr ?? '')
    throw new AppError('install_failed', `${what} cannot be installed${said ? `: ${said}` : ''}`, { hint, cause })
  }
}

/** pip ends a long account with what it comes to; npm begins with it. */
function tellingLine(said: string): string | undefined {
  const lines = said
    .trim()
    .split('\n')
    .map((line) => line.trim())
  return lines.findLast((line) => line.startsWith('ERROR: ')) ?? lines[0]
}
