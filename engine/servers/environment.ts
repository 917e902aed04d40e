import { delimiterOf, pathModule } from './platform-path.ts'

/** The variable by which a run's processes are found again, whatever group or session they moved to. */
export const runMarker = 'SIGNALBOX_RUN'

/** The marker's value. The install tells our processes from those of another home. */
export function markerOf(installId: string, runId: string): string {
  return `${installId}:${runId}`
}

/** What npm, Electron, test runners and we ourselves put into our environment; no server asked for it. */
const ours = [
  /^npm_/i,
  /^(INIT_CWD|NODE|NODE_OPTIONS|NODE_PATH|NODE_ENV|NODE_V8_COVERAGE|NODE_CHANNEL_FD|NODE_CHANNEL_SERIALIZATION_MODE|NODE_UNIQUE_ID)$/i,
  /^(ELECTRON|VITEST|PLAYWRIGHT|PW_TEST|TINYPOOL|SIGNALBOX)(_|$)/i,
  /^(CHROME_DESKTOP|ORIGINAL_XDG_CURRENT_DESKTOP|APPIMAGE|APPDIR|ARGV0|OWD)$/,
]

/** Folders that `npm run` puts in front of PATH. */
const npmFolder = /(^|[\\/])node_modules[\\/]\.bin[\\/]?$|[\\/]node-gyp-bin[\\/]?$/

/**
 * The environment that servers start from: the person's own, without what the way we were started added to it.
 * `loginPath` is the PATH of the person's login shell, where that was asked; its folders come after those we have.
 */
export function baseEnvironment(
  env: Readonly<NodeJS.ProcessEnv>,
  platform: NodeJS.Platform,
  loginPath?: string,
): Record<string, string> {
  const base: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !ours.some((pattern) => pattern.test(name))) base[name] = value
  }
  const pathName = Object.keys(base).find((name) => sameName(name, 'PATH', platform)) ?? 'PATH'
  const folders = [...pathFolders(base[pathName], platform), ...pathFolders(loginPath, platform)]
  base[pathName] = [...new Set(folders)].filter((folder) => !npmFolder.test(folder)).join(delimiterOf(platform))
  return base
}

/** The base with the entry's own variables over it. */
export function childEnvironment(
  base: Readonly<Record<string, string>>,
  entry: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const env = { ...base }
  for (const [name, value] of Object.entries(entry)) {
    for (const known of Object.keys(env)) if (sameName(known, name, platform)) delete env[known]
    env[name] = value
  }
  return env
}

/** The value of a variable; on Windows any case of the name matches. */
export function readVariable(
  env: Readonly<Record<string, string>>,
  name: string,
  platform: NodeJS.Platform,
): string | undefined {
  if (Object.hasOwn(env, name)) return env[name]
  const known = Object.keys(env).find((other) => sameName(other, name, platform))
  return known === undefined ? undefined : env[known]
}

/** The folders of a PATH in their order; relative and empty ones are left out, since they depend on where we stand. */
export function pathFolders(path: string | undefined, platform: NodeJS.Platform): string[] {
  return (path ?? '').split(delimiterOf(platform)).filter((folder) => pathModule(platform).isAbsolute(folder))
}

function sameName(a: string, b: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? a.toLowerCase() === b.toLowerCase() : a === b
}
