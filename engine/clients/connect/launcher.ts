import { homeFolder } from '../../home-folder.ts'
import type { Host } from '../../host.ts'
import { pathOf } from '../programs.ts'

/** How another program starts our bridge: absolute paths, because programs started from a menu have a short PATH. */
export interface Launcher {
  readonly command: string
  /** Before `connect`. */
  readonly args: readonly string[]
  /** After the bridge's own options: which home is meant, where it is not the usual one. */
  readonly homeArgs: readonly string[]
  /** Why this program must not be named in another program's file now. */
  readonly problem: string | null
  /** What may take the command away later, as a sentence. */
  readonly warning: string | null
}

type LauncherHost = Pick<Host, 'node' | 'cli' | 'home' | 'env' | 'platform'>

const versionManagers: readonly [part: RegExp, name: string][] = [
  [/[\\/]\.?nvm[\\/]/i, 'nvm'],
  [/[\\/](?:\.?fnm|fnm_multishells)[\\/]/i, 'fnm'],
  [/[\\/]\.?asdf[\\/]/i, 'asdf'],
  [/[\\/]\.?mise[\\/]/i, 'mise'],
  [/[\\/]\.?volta[\\/]/i, 'Volta'],
  [/[\\/]Cellar[\\/]/, 'Homebrew'],
]

export function launcherOf({ node, cli, home, env, platform }: LauncherHost): Launcher {
  const isUsualHome = pathOf(platform).resolve(home) === homeFolder(undefined, {})
  const manager = versionManagers.find(([part]) => part.test(node))?.[1]
  return {
    command: node,
    args: [cli],
    homeArgs: isUsualHome ? [] : ['--home', home],
    problem: passingPlace(cli, env),
    warning:
      manager === undefined
        ? null
        : `The entry names the Node of ${manager} by its path (${node}): connect again after it is updated.`,
  }
}

/** Places that are another one, or none, at the next start. */
function passingPlace(cli: string, env: Readonly<NodeJS.ProcessEnv>): string | null {
  if (env.APPIMAGE && env.APPDIR && cli.startsWith(env.APPDIR)) {
    return 'An AppImage lies at another path each time it runs. Choose HTTP, or install the deb package.'
  }
  if (cli.includes('/AppTranslocation/')) {
    return 'macOS runs Signalbox from a passing place. Move it to Applications and open it from there.'
  }
  return null
}
