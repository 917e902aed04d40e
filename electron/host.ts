import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { homeFolder } from '../engine/home-folder.ts'
import type { Host, LoginItem, SecretVault } from '../engine/host.ts'
import { version } from '../package.json' with { type: 'json' }

/** What a person may say when starting the desktop. */
export interface StartOptions {
  readonly home: string
  readonly port: number
}

const defaultPort = 7420

/** Reads `--home DIR` and `--port N`; other arguments are Chromium's own and are passed over. */
export function startOptions(args: readonly string[], env: NodeJS.ProcessEnv): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { home: { type: 'string' }, port: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  })
  const port = typeof values.port === 'string' ? Number(values.port) : defaultPort
  return {
    home: homeFolder(typeof values.home === 'string' ? values.home : undefined, env),
    port: Number.isInteger(port) && port >= 0 && port < 65_536 ? port : defaultPort,
  }
}

/** Where the program's own files are: in the checkout beside the built main, in a package among its resources. */
export interface ProgramFiles {
  readonly storeWorker: string
  readonly tokenCounter: string
  readonly samples: string
  readonly templates: string
  readonly cli: string
  readonly node: string
  readonly pageDir: string
}

/**
 * Files that another process runs or that are copied, the store's worker, the counter of tokens, the samples, the templates and Node itself, lie
 * outside the package's archive, which only Electron can read into.
 */
export function programFiles(main: string, resources: string | null, platform: NodeJS.Platform): ProgramFiles {
  const built = dirname(main)
  const pageDir = join(built, '..', 'page')
  const nodeName = platform === 'win32' ? 'node.exe' : 'node'
  if (resources === null) {
    const node = join(built, '..', '..', 'node_modules', 'node', 'bin', nodeName)
    return { ...programs(built), node, pageDir }
  }
  return { ...programs(join(resources, 'terminal', 'dist', 'node')), node: join(resources, 'node', nodeName), pageDir }
}

function programs(
  folder: string,
): Pick<ProgramFiles, 'storeWorker' | 'tokenCounter' | 'samples' | 'templates' | 'cli'> {
  return {
    storeWorker: join(folder, 'store-worker.mjs'),
    tokenCounter: join(folder, 'count-tokens.mjs'),
    samples: join(folder, 'samples'),
    templates: join(folder, 'templates'),
    cli: join(folder, 'cli.mjs'),
  }
}

export function desktopHost(
  home: string,
  files: ProgramFiles,
  { vault, loginItem }: { vault: SecretVault; loginItem: LoginItem | null },
): Host {
  return {
    home,
    version,
    storeWorker: files.storeWorker,
    tokenCounter: files.tokenCounter,
    samples: files.samples,
    templates: files.templates,
    cli: files.cli,
    node: files.node,
    env: process.env,
    userHome: homedir(),
    platform: process.platform,
    vault,
    ...(loginItem && { loginItem }),
  }
}
