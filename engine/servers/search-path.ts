import { stat } from 'node:fs/promises'
import type { Failure } from '../../shared/app-error.ts'
import { failureOf } from '../../shared/app-error.ts'
import type { Host } from '../host.ts'
import { pathFolders } from './environment.ts'
import { loginShellPath } from './login-shell.ts'
import { delimiterOf, pathModule } from './platform-path.ts'

/** Where commands are looked for beyond our own PATH. */
export interface SearchPath {
  /** The shell that was asked; null where none was. */
  readonly shell: string | null
  /** Folders to add, in their order. */
  readonly folders: readonly string[]
  readonly problem: Failure | null
}

/**
 * Asks the login shell for its PATH: a program that is started from a menu has a short one. A program that a shell has
 * started has its PATH already, and is asked again only when `force` says so.
 */
export async function findSearchPath(
  host: Pick<Host, 'env' | 'platform' | 'userHome'>,
  { force = false } = {},
): Promise<SearchPath> {
  const { env, platform, userHome } = host
  const wellKnown = await existing(wellKnownFolders(platform, userHome, env))
  const shell = platform === 'win32' ? null : env.SHELL || (platform === 'darwin' ? '/bin/zsh' : '/bin/sh')
  if (shell === null || (isFromShell(env) && !force)) return { shell: null, folders: wellKnown, problem: null }
  try {
    const folders = pathFolders(await loginShellPath({ shell, env }), platform)
    return { shell, folders: [...new Set([...folders, ...wellKnown])], problem: null }
  } catch (error) {
    return { shell, folders: wellKnown, problem: failureOf(error) }
  }
}

export function searchPathText({ folders }: SearchPath, platform: NodeJS.Platform): string {
  return folders.join(delimiterOf(platform))
}

/** Shells count their depth; desktops that start programs do not. */
function isFromShell(env: Readonly<NodeJS.ProcessEnv>): boolean {
  return Number(env.SHLVL) >= 1
}

/** Where installers of runtimes put their commands, whether a shell was told of it or not. */
function wellKnownFolders(platform: NodeJS.Platform, userHome: string, env: Readonly<NodeJS.ProcessEnv>): string[] {
  const { join } = pathModule(platform)
  const own = ['.local/bin', '.cargo/bin', '.bun/bin', '.deno/bin', '.volta/bin'].map((name) => join(userHome, name))
  switch (platform) {
    case 'win32':
      return [...(env.APPDATA ? [join(env.APPDATA, 'npm')] : []), ...own]
    case 'darwin':
      return ['/opt/homebrew/bin', '/usr/local/bin', ...own]
    default:
      return ['/usr/local/bin', '/snap/bin', '/home/linuxbrew/.linuxbrew/bin', ...own]
  }
}

async function existing(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map((folder) =>
      stat(folder).then(
        (stats) => stats.isDirectory(),
        () => false,
      ),
    ),
  )
  return folders.filter((_, index) => found[index])
}
