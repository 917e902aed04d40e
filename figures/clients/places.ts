import type { ConnectScope } from '../../shared/connect-contract.ts'
import type { ProgramId } from '../../shared/import.ts'

type System = 'linux' | 'darwin' | 'win32'

/** A machine of each system, with its usual folders. */
export const machines: Readonly<Record<System, { home: string; project: string; env: NodeJS.ProcessEnv }>> = {
  linux: { home: '/home/ada', project: '/home/ada/app', env: {} },
  darwin: { home: '/Users/ada', project: '/Users/ada/app', env: {} },
  win32: {
    home: 'C:\\Users\\Ada',
    project: 'C:\\Users\\Ada\\app',
    env: { APPDATA: 'C:\\Users\\Ada\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\Ada\\AppData\\Local' },
  },
}

/** One file that one program reads, on one system. */
export interface Row {
  readonly program: ProgramId
  readonly scope: ConnectScope
  readonly system: System
  /** Absolute. */
  readonly path: string
  /** Keys from the root to the map of entries. */
  readonly key: readonly string[]
}

const vscodeUser = {
  darwin: '~/Library/Application Support/Code/User',
  win32: '%APPDATA%/Code/User',
  linux: '~/.config/Code/User',
}
const everywhere = (path: string) => ({ darwin: path, win32: path, linux: path })
const inVscode = (path: string) => ({
  darwin: `${vscodeUser.darwin}/${path}`,
  win32: `${vscodeUser.win32}/${path}`,
  linux: `${vscodeUser.linux}/${path}`,
})

/**
 * Where each program keeps its servers, as its own documents and users tell it, written down apart from the code that is
 * checked. `~` is the person's home, `.` at the start the project.
 */
const table: readonly [ProgramId, ConnectScope, string, Readonly<Record<System, string>>][] = [
  [
    'claude-desktop',
    'user',
    'mcpServers',
    {
      darwin: '~/Library/Application Support/Claude/claude_desktop_config.json',
      win32: '%APPDATA%/Claude/claude_desktop_config.json',
      linux: '~/.config/Claude/claude_desktop_config.json',
    },
  ],
  ['claude-code', 'user', 'mcpServers', everywhere('~/.claude.json')],
  ['claude-code', 'local', 'projects/PROJECT/mcpServers', everywhere('~/.claude.json')],
  ['claude-code', 'project', 'mcpServers', everywhere('./.mcp.json')],
  ['cursor', 'user', 'mcpServers', everywhere('~/.cursor/mcp.json')],
  ['cursor', 'project', 'mcpServers', everywhere('./.cursor/mcp.json')],
  ['vscode', 'user', 'servers', inVscode('mcp.json')],
  ['vscode', 'profile', 'servers', inVscode('profiles/-1a2b/mcp.json')],
  ['vscode', 'project', 'servers', everywhere('./.vscode/mcp.json')],
  ['vscode', 'copilot', 'mcpServers', everywhere('~/.copilot/mcp-config.json')],
  ['vscode', 'copilot_project', 'mcpServers', everywhere('./.mcp.json')],
  ['windsurf', 'user', 'mcpServers', everywhere('~/.codeium/windsurf/mcp_config.json')],
  [
    'zed',
    'user',
    'context_servers',
    {
      darwin: '~/.config/zed/settings.json',
      win32: '%APPDATA%/Zed/settings.json',
      linux: '~/.config/zed/settings.json',
    },
  ],
  ['zed', 'project', 'context_servers', everywhere('./.zed/settings.json')],
  ['cline', 'user', 'mcpServers', inVscode('globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json')],
  ['cline', 'cli', 'mcpServers', everywhere('~/.cline/data/settings/cline_mcp_settings.json')],
  ['gemini', 'user', 'mcpServers', everywhere('~/.gemini/settings.json')],
  ['gemini', 'project', 'mcpServers', everywhere('./.gemini/settings.json')],
  ['codex', 'user', 'mcp_servers', everywhere('~/.codex/config.toml')],
  ['codex', 'project', 'mcp_servers', everywhere('./.codex/config.toml')],
  [
    'goose',
    'user',
    'extensions',
    {
      darwin: '~/.config/goose/config.yaml',
      win32: '%APPDATA%/Block/goose/config/config.yaml',
      linux: '~/.config/goose/config.yaml',
    },
  ],
  ['lm-studio', 'user', 'mcpServers', everywhere('~/.lmstudio/mcp.json')],
  // Second places, which some installs use.
  [
    'claude-desktop',
    'user',
    'mcpServers',
    {
      darwin: '~/Library/Application Support/Claude/claude_desktop_config.json',
      win32: '%LOCALAPPDATA%/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/claude_desktop_config.json',
      linux: '~/.config/claude/claude_desktop_config.json',
    },
  ],
  ['zed', 'user', 'context_servers', everywhere('~/.config/zed/settings.json')],
  ['lm-studio', 'user', 'mcpServers', everywhere('~/.cache/lm-studio/mcp.json')],
]

/** Every file of the table on every system, each once. */
export function allRows(): Row[] {
  const rows = table.flatMap(([program, scope, key, paths]) =>
    (['linux', 'darwin', 'win32'] as const).map((system): Row => {
      const { home, project, env } = machines[system]
      const path = paths[system]
        .replace(/^~/, home)
        .replace(/^\.(?=\/)/, project)
        .replace(/^%(\w+)%/, (_all, name: string) => env[name]!)
      return {
        program,
        scope,
        system,
        path: system === 'win32' ? path.replaceAll('/', '\\') : path,
        key: key.split('/').map((part) => (part === 'PROJECT' ? project : part)),
      }
    }),
  )
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}
