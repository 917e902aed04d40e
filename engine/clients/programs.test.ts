import { expect, it } from 'vitest'
import { knownPrograms, type Machine } from './programs.ts'

const pathsOn = (machine: Machine) =>
  Object.fromEntries(
    knownPrograms.map(({ id, userFiles }) => [
      id,
      userFiles(machine).map(({ take, paths }) => [take, ...paths].join(' ')),
    ]),
  )

const vscodeFiles = (user: (edition: string) => string, sep: string, copilot: string) => [
  ...['Code', 'Code - Insiders'].flatMap((edition) => [
    `first ${user(edition)}${sep}mcp.json`,
    `each ${user(edition)}${sep}profiles${sep}*${sep}mcp.json`,
  ]),
  `first ${copilot}`,
]

it('knows the files on Linux', () => {
  expect(pathsOn({ userHome: '/home/ada', platform: 'linux', env: {} })).toEqual({
    'claude-desktop': [
      'first /home/ada/.config/Claude/claude_desktop_config.json /home/ada/.config/claude/claude_desktop_config.json',
    ],
    'claude-code': ['first /home/ada/.claude.json'],
    cursor: ['first /home/ada/.cursor/mcp.json'],
    vscode: vscodeFiles((edition) => `/home/ada/.config/${edition}/User`, '/', '/home/ada/.copilot/mcp-config.json'),
    windsurf: ['first /home/ada/.codeium/windsurf/mcp_config.json'],
    zed: ['first /home/ada/.config/zed/settings.json'],
    cline: [
      'first /home/ada/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
      'first /home/ada/.cline/data/settings/cline_mcp_settings.json',
    ],
    gemini: ['first /home/ada/.gemini/settings.json'],
    codex: ['first /home/ada/.codex/config.toml'],
    goose: ['first /home/ada/.config/goose/config.yaml'],
    'lm-studio': ['first /home/ada/.lmstudio/mcp.json /home/ada/.cache/lm-studio/mcp.json'],
  })
})

it('knows the files on a Mac', () => {
  const support = '/Users/ada/Library/Application Support'
  // XDG names nothing for these programs on a Mac.
  expect(pathsOn({ userHome: '/Users/ada', platform: 'darwin', env: { XDG_CONFIG_HOME: '/x' } })).toEqual({
    'claude-desktop': [`first ${support}/Claude/claude_desktop_config.json`],
    'claude-code': ['first /Users/ada/.claude.json'],
    cursor: ['first /Users/ada/.cursor/mcp.json'],
    vscode: vscodeFiles((edition) => `${support}/${edition}/User`, '/', '/Users/ada/.copilot/mcp-config.json'),
    windsurf: ['first /Users/ada/.codeium/windsurf/mcp_config.json'],
    zed: ['first /Users/ada/.config/zed/settings.json'],
    cline: [
      `first ${support}/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json`,
      'first /Users/ada/.cline/data/settings/cline_mcp_settings.json',
    ],
    gemini: ['first /Users/ada/.gemini/settings.json'],
    codex: ['first /Users/ada/.codex/config.toml'],
    goose: ['first /Users/ada/.config/goose/config.yaml'],
    'lm-studio': ['first /Users/ada/.lmstudio/mcp.json /Users/ada/.cache/lm-studio/mcp.json'],
  })
})

it('knows the files on Windows, the packaged Claude before the classic one', () => {
  const home = 'C:\\Users\\Ada'
  const env = { APPDATA: 'D:\\Roaming', LOCALAPPDATA: 'D:\\Local' }
  expect(pathsOn({ userHome: home, platform: 'win32', env })).toEqual({
    'claude-desktop': [
      'first D:\\Local\\Packages\\Claude_*\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json D:\\Roaming\\Claude\\claude_desktop_config.json',
    ],
    'claude-code': [`first ${home}\\.claude.json`],
    cursor: [`first ${home}\\.cursor\\mcp.json`],
    vscode: vscodeFiles((edition) => `D:\\Roaming\\${edition}\\User`, '\\', `${home}\\.copilot\\mcp-config.json`),
    windsurf: [`first ${home}\\.codeium\\windsurf\\mcp_config.json`],
    zed: [`first D:\\Roaming\\Zed\\settings.json ${home}\\.config\\zed\\settings.json`],
    cline: [
      'first D:\\Roaming\\Code\\User\\globalStorage\\saoudrizwan.claude-dev\\settings\\cline_mcp_settings.json',
      `first ${home}\\.cline\\data\\settings\\cline_mcp_settings.json`,
    ],
    gemini: [`first ${home}\\.gemini\\settings.json`],
    codex: [`first ${home}\\.codex\\config.toml`],
    goose: ['first D:\\Roaming\\Block\\goose\\config\\config.yaml'],
    'lm-studio': [`first ${home}\\.lmstudio\\mcp.json ${home}\\.cache\\lm-studio\\mcp.json`],
  })
})

it('finds the Windows folders without the variables that name them, and follows those of the programs', () => {
  const bare = pathsOn({ userHome: 'C:\\U', platform: 'win32', env: {} })
  expect(bare.goose).toEqual(['first C:\\U\\AppData\\Roaming\\Block\\goose\\config\\config.yaml'])
  const env = {
    CLAUDE_CONFIG_DIR: '/c',
    CODEX_HOME: '/x',
    COPILOT_HOME: '/p',
    CLINE_MCP_SETTINGS_PATH: '/l.json',
    XDG_CONFIG_HOME: '/g',
  }
  const moved = pathsOn({ userHome: '/home/ada', platform: 'linux', env })
  expect([moved['claude-code'], moved.codex, moved.vscode?.at(-1), moved.cline?.at(-1), moved.goose]).toEqual([
    ['first /c/.claude.json'],
    ['first /x/config.toml'],
    'first /p/mcp-config.json',
    'first /l.json',
    ['first /g/goose/config.yaml'],
  ])
})
