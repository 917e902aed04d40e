import { posix, win32 } from 'node:path'
import type { ConnectScope } from '../../shared/connect-contract.ts'
import type { ProgramId } from '../../shared/import.ts'
import type { TextSyntax } from './decode-text.ts'
import { readClaudeCode } from './formats/claude-code.ts'
import { readCline } from './formats/cline.ts'
import { readCodex } from './formats/codex.ts'
import { readGemini } from './formats/gemini.ts'
import { readGoose } from './formats/goose.ts'
import { readMcpServers } from './formats/mcp-servers.ts'
import { readVscode } from './formats/vscode.ts'
import { readZed } from './formats/zed.ts'
import type { FileFormat } from './found-server.ts'

/** Another program that keeps MCP servers, and where. */
export interface KnownProgram {
  readonly id: ProgramId
  readonly name: string
  readonly syntax: TextSyntax
  readonly format: FileFormat
  /** Files of the person. One segment of a path may hold `*`, for any characters. */
  readonly userFiles: (machine: Machine) => readonly Place[]
  /** File inside a project's folder; its segments. */
  readonly projectFile: readonly string[] | null
}

export interface Machine {
  readonly userHome: string
  readonly platform: NodeJS.Platform
  readonly env: Readonly<NodeJS.ProcessEnv>
}

export interface Place {
  readonly scope: ConnectScope
  /** `first`: only the first of these that exists counts. `each`: all of them do. */
  readonly take: 'first' | 'each'
  readonly paths: readonly string[]
}

export const knownPrograms: readonly KnownProgram[] = [
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    syntax: 'jsonc',
    format: readMcpServers,
    userFiles: (machine) => {
      const { platform, join, localAppData, applications, config } = foldersOf(machine)
      const file = 'claude_desktop_config.json'
      if (platform === 'win32') {
        // The packaged program reads its own copy and never the classic place.
        const packaged = join(localAppData, 'Packages', 'Claude_*', 'LocalCache', 'Roaming', 'Claude', file)
        return [first('user', packaged, join(applications, 'Claude', file))]
      }
      if (platform === 'darwin') return [first('user', join(applications, 'Claude', file))]
      return [first('user', join(config, 'Claude', file), join(config, 'claude', file))]
    },
    projectFile: null,
  },
  {
    id: 'claude-code',
    name: 'Claude Code',
    syntax: 'jsonc',
    format: readClaudeCode,
    userFiles: (machine) => {
      const { join, home } = foldersOf(machine)
      return [first('user', join(machine.env.CLAUDE_CONFIG_DIR || home, '.claude.json'))]
    },
    projectFile: ['.mcp.json'],
  },
  {
    id: 'cursor',
    name: 'Cursor',
    syntax: 'jsonc',
    format: readMcpServers,
    userFiles: (machine) => [first('user', inHome(machine, '.cursor', 'mcp.json'))],
    projectFile: ['.cursor', 'mcp.json'],
  },
  {
    id: 'vscode',
    name: 'VS Code',
    syntax: 'jsonc',
    format: readVscode,
    userFiles: (machine) => {
      const { join, home, applications } = foldersOf(machine)
      const editions = { user: 'Code', insiders: 'Code - Insiders' } as const
      return [
        ...(['user', 'insiders'] as const).flatMap((scope) => [
          first(scope, join(applications, editions[scope], 'User', 'mcp.json')),
          each('profile', join(applications, editions[scope], 'User', 'profiles', '*', 'mcp.json')),
        ]),
        first('copilot', join(machine.env.COPILOT_HOME || join(home, '.copilot'), 'mcp-config.json')),
      ]
    },
    projectFile: ['.vscode', 'mcp.json'],
  },
  {
    id: 'windsurf',
    name: 'Windsurf',
    syntax: 'jsonc',
    format: readMcpServers,
    userFiles: (machine) => [first('user', inHome(machine, '.codeium', 'windsurf', 'mcp_config.json'))],
    projectFile: null,
  },
  {
    id: 'zed',
    name: 'Zed',
    syntax: 'jsonc',
    format: readZed,
    userFiles: (machine) => {
      const { platform, join, config, applications } = foldersOf(machine)
      const shared = join(config, 'zed', 'settings.json')
      return [
        platform === 'win32'
          ? first('user', join(applications, 'Zed', 'settings.json'), shared)
          : first('user', shared),
      ]
    },
    projectFile: ['.zed', 'settings.json'],
  },
  {
    id: 'cline',
    name: 'Cline',
    syntax: 'jsonc',
    format: readCline,
    userFiles: (machine) => {
      const { join, home, applications } = foldersOf(machine)
      const file = 'cline_mcp_settings.json'
      const extension = ['User', 'globalStorage', 'saoudrizwan.claude-dev', 'settings', file]
      return [
        first('user', join(applications, 'Code', ...extension)),
        first('cli', machine.env.CLINE_MCP_SETTINGS_PATH || join(home, '.cline', 'data', 'settings', file)),
      ]
    },
    projectFile: null,
  },
  {
    id: 'gemini',
    name: 'Gemini CLI',
    syntax: 'jsonc',
    format: readGemini,
    userFiles: (machine) => [first('user', inHome(machine, '.gemini', 'settings.json'))],
    projectFile: ['.gemini', 'settings.json'],
  },
  {
    id: 'codex',
    name: 'Codex',
    syntax: 'toml',
    format: readCodex,
    userFiles: (machine) => {
      const { join, home } = foldersOf(machine)
      return [first('user', join(machine.env.CODEX_HOME || join(home, '.codex'), 'config.toml'))]
    },
    projectFile: ['.codex', 'config.toml'],
  },
  {
    id: 'goose',
    name: 'Goose',
    syntax: 'yaml',
    format: readGoose,
    userFiles: (machine) => {
      const { platform, join, applications, config } = foldersOf(machine)
      return platform === 'win32'
        ? [first('user', join(applications, 'Block', 'goose', 'config', 'config.yaml'))]
        : [first('user', join(config, 'goose', 'config.yaml'))]
    },
    projectFile: null,
  },
  {
    id: 'lm-studio',
    name: 'LM Studio',
    syntax: 'jsonc',
    format: readMcpServers,
    userFiles: (machine) => [
      first('user', inHome(machine, '.lmstudio', 'mcp.json'), inHome(machine, '.cache', 'lm-studio', 'mcp.json')),
    ],
    projectFile: null,
  },
]

/** The path functions of the machine that is looked at, which need not be the one that looks. */
export function pathOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix
}

function foldersOf({ userHome: home, platform, env }: Machine) {
  const { join } = pathOf(platform)
  const localAppData = env.LOCALAPPDATA || join(home, 'AppData', 'Local')
  // Only Linux programs follow XDG; on a Mac those that use ~/.config do so literally.
  const config = (platform === 'linux' && env.XDG_CONFIG_HOME) || join(home, '.config')
  const applications =
    platform === 'win32'
      ? env.APPDATA || join(home, 'AppData', 'Roaming')
      : platform === 'darwin'
        ? join(home, 'Library', 'Application Support')
        : config
  return { platform, join, home, localAppData, applications, config }
}

function inHome({ userHome, platform }: Machine, ...segments: string[]): string {
  return pathOf(platform).join(userHome, ...segments)
}

function first(scope: ConnectScope, ...paths: string[]): Place {
  return { scope, take: 'first', paths }
}

function each(scope: ConnectScope, ...paths: string[]): Place {
  return { scope, take: 'each', paths }
}
