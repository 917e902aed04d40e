import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What a spec wants to find in `<home>/mcp.json` at the first start. */
export type Seed = 'reference servers' | 'nothing'

/** A person for one test: a folder with the files of other programs, and a Signalbox home. */
export interface Person extends Disposable {
  /** Signalbox's own folder. */
  readonly home: string
  /** The folder that the system calls home. */
  readonly folder: string
  /** A folder for servers to work in. */
  readonly work: string
  /** The environment of all that the person starts. */
  readonly env: Record<string, string>
  /** Replaces `<home>/mcp.json`. */
  writeConfig(text: string): void
}

export function newPerson(seed: Seed): Person {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-e2e-'))
  const [home, folder, work] = ['home', 'person', 'work'].map((name) => join(root, name)) as [string, string, string]
  for (const path of [home, folder, work]) mkdirSync(path)
  writeFileSync(join(work, 'hello.txt'), 'Hello from the file.\n')
  const writeConfig = (text: string): void => writeFileSync(join(home, 'mcp.json'), text)
  if (seed === 'reference servers') writeConfig(JSON.stringify({ mcpServers: entries(work) }, null, 2))
  return {
    home,
    folder,
    work,
    env: environment(folder),
    writeConfig,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  }
}

/** The four reference servers, as installed with this project. */
function entries(work: string): Record<string, { command: string; args: string[]; env?: Record<string, string> }> {
  const server = (name: string, ...args: string[]) => ({ command: process.execPath, args: [programOf(name), ...args] })
  return {
    everything: server('everything'),
    filesystem: server('filesystem', work),
    memory: { ...server('memory'), env: { MEMORY_FILE_PATH: join(work, 'memory.jsonl') } },
    'sequential-thinking': server('sequential-thinking'),
  }
}

/** Puts servers into the files of two other programs: three names, one of them in both. */
export function useOtherPrograms({ folder, work }: Person): void {
  const { everything, filesystem, memory } = entries(work)
  mkdirSync(join(folder, '.cursor'))
  const cursor = { mcpServers: { everything, filesystem } }
  writeFileSync(join(folder, '.cursor', 'mcp.json'), JSON.stringify(cursor, null, 2))
  const claudeCode = {
    mcpServers: { everything: { ...everything, env: { API_TOKEN: 'sk-not-a-real-secret-0123456789abcdef' } }, memory },
  }
  writeFileSync(join(folder, '.claude.json'), JSON.stringify(claudeCode, null, 2))
}

function programOf(name: string): string {
  const manifest = createRequire(import.meta.url).resolve(`@modelcontextprotocol/server-${name}/package.json`)
  return join(dirname(manifest), 'dist', 'index.js')
}

function environment(folder: string): Record<string, string> {
  const set = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    ...Object.fromEntries(set),
    HOME: folder,
    USERPROFILE: folder,
    APPDATA: join(folder, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(folder, 'AppData', 'Local'),
    XDG_CONFIG_HOME: join(folder, '.config'),
    XDG_DATA_HOME: join(folder, '.local', 'share'),
    // The double starts Node by this; Electron does not look at it.
    SIGNALBOX_DOUBLE_NODE: process.execPath,
  }
}
