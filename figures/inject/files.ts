import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { asFolder, asServerId, markOf } from './texts.ts'

/** The server that says every text in every place. */
export const speaker = 'speaker'

/** The remote server that has people sign in. */
export const guarded = 'guarded'

/** Where everything of the figure stands. */
export interface Files {
  /** Signalbox's own folder. */
  readonly home: string
  /** The file of its servers. */
  readonly config: string
  /** What the program is started with. */
  readonly env: Readonly<Record<string, string>>
}

/** Writes every text into each file that the page tells of: our configuration, those of other programs, a shell's PATH. */
export async function writeFiles(root: string, texts: readonly string[], guardedUrl: string): Promise<Files> {
  const home = join(root, 'app')
  const config = join(home, 'mcp.json')
  const said = join(root, 'texts.json')
  const folders = join(root, 'folders')
  for (const folder of ['app', '.cursor', '.codeium/windsurf']) await mkdir(join(root, folder), { recursive: true })
  await writeFile(said, JSON.stringify(texts))
  await writeFile(folders, texts.map(asFolder).join(':'))
  await writeFile(join(root, '.profile'), `PATH="$(cat '${folders}'):$PATH"\n`)
  const server = resolve('test-servers/hostile-texts.mjs')
  const named = texts.map((text, index) => [asServerId(text), brokenEntry(text, index, [server, said])])
  const mcpServers = {
    [speaker]: { command: 'node', args: [server, said] },
    [guarded]: { type: 'http', url: guardedUrl },
    ...Object.fromEntries(named),
  }
  await writeFile(config, JSON.stringify({ mcpServers }, null, 2))
  const candidates = texts.map((text, index) => [`${markOf(index)}c${text}`, { command: text, args: [text] }])
  await writeFile(join(root, '.cursor/mcp.json'), JSON.stringify({ mcpServers: Object.fromEntries(candidates) }))
  // All in one line, so that one added entry shows them all as what stands around it.
  const neighbours = texts.map((text) => [asServerId(text), { command: 'node' }])
  const windsurf = JSON.stringify({ mcpServers: Object.fromEntries(neighbours) })
  await writeFile(join(root, '.codeium/windsurf/mcp_config.json'), windsurf)
  return { home, config, env: { HOME: root, XDG_CONFIG_HOME: join(root, '.config'), SHELL: '/bin/sh', SHLVL: '0' } }
}

/** A server that never runs. Every eighth says its text on stderr and dies, so that the text is the reason; the others cannot be found. */
function brokenEntry(text: string, index: number, [server, said]: readonly [string, string]): object {
  const plain = text.replaceAll('\0', '')
  // By the name of its variable it is no secret: one would be masked wherever else it is said.
  const env = { WORDS: plain, ...(index % 8 === 1 && { SHARED: '${secret:SHARED}' }) }
  // The mark at the end too: of a path that climbs, nothing else is left once it is resolved.
  if (index % 8 > 0) return { command: `${plain} ${markOf(index)}`, args: [plain], env }
  return { command: 'node', args: [server, said, '--dies', String(index)], env, signalbox: { restart: false } }
}
