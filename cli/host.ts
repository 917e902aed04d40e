import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Host } from '../engine/host.ts'
import { keyFileVault } from '../engine/secrets/key-file-sealer.ts'

const packageSchema = z.object({ name: z.literal('signalbox'), version: z.string() })

/** Of the program, from package.json, the only place where it stands. */
export async function programVersion(): Promise<string> {
  return packageSchema.parse(JSON.parse(await readFile(join(programFolder(), 'package.json'), 'utf8'))).version
}

/** The Host of the browser face: plain Node, from the bundle or from the sources. */
export async function nodeHost(home: string): Promise<Host> {
  const runsFromSource = import.meta.filename.endsWith('.ts')
  const root = programFolder()
  const bundle = join(root, 'dist', 'node')
  return {
    home,
    version: await programVersion(),
    storeWorker: runsFromSource ? join(root, 'engine/store/store-worker.ts') : join(bundle, 'store-worker.mjs'),
    tokenCounter: runsFromSource
      ? join(root, 'engine/gateway/clients/count-tokens.ts')
      : join(bundle, 'count-tokens.mjs'),
    samples: runsFromSource ? join(root, 'samples') : join(bundle, 'samples'),
    templates: templatesFolder(),
    cli: runsFromSource ? join(root, 'cli/main.ts') : join(bundle, 'cli.mjs'),
    node: process.execPath,
    env: process.env,
    userHome: homedir(),
    platform: process.platform,
    vault: keyFileVault(home),
  }
}

/** Folder of the built page; null when it is not built. */
export function pageFolder(): string | null {
  const folder = join(programFolder(), 'dist', 'page')
  return existsSync(join(folder, 'index.html')) ? folder : null
}

/** Folder of the templates of own servers: in the sources, or copied beside the bundle. */
export function templatesFolder(): string {
  const root = programFolder()
  return import.meta.filename.endsWith('.ts') ? join(root, 'templates') : join(root, 'dist', 'node', 'templates')
}

/** The nearest folder above with a package.json: this module may lie in cli/, or in a chunk of the bundle. */
function programFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder)
    if (above === folder) throw new Error(`No package.json above ${import.meta.dirname}`)
    folder = above
  }
  return folder
}
