import type { ConnectPlace, ConnectPreview, ConnectProgram } from '../../shared/connect-contract.ts'

function place(path: string, facts: Partial<ConnectPlace> = {}): ConnectPlace {
  return {
    scope: 'user',
    folder: null,
    label: 'Your own file',
    path,
    key: ['mcpServers', 'signalbox'],
    exists: true,
    state: 'not_connected',
    problem: null,
    drift: null,
    entry: null,
    written: null,
    undo: 'none',
    options: [
      { mode: 'stdio', token: 'none', variable: null, problem: null },
      { mode: 'http', token: 'literal', variable: null, problem: null },
    ],
    ...facts,
  }
}

export const fixturePrograms: readonly ConnectProgram[] = [
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    is_found: true,
    restart: 'Quit Claude Desktop and open it again.',
    note: null,
    places: [
      place('~/.config/Claude/claude_desktop_config.json', {
        state: 'drifted',
        undo: 'entry',
        drift: { kind: 'changed', message: 'Our entry was changed since it was written.' },
      }),
    ],
  },
  {
    id: 'cursor',
    name: 'Cursor',
    is_found: true,
    restart: 'Cursor sees the change by itself.',
    note: null,
    places: [place('~/.cursor/mcp.json', { state: 'connected', undo: 'exact' })],
  },
  {
    id: 'vscode',
    name: 'VS Code',
    is_found: true,
    restart: 'VS Code sees the change by itself.',
    note: null,
    places: [place('~/.config/Code/User/mcp.json', { exists: false })],
  },
  { id: 'zed', name: 'Zed', is_found: false, restart: '', note: null, places: [] },
]

export const fixturePreview: ConnectPreview = {
  path: '~/.config/Code/User/mcp.json',
  target: '~/.config/Code/User/mcp.json',
  makes_file: false,
  before_hash: '0'.repeat(64),
  after_hash: '1'.repeat(64),
  hunks: [
    {
      before_start: 4,
      after_start: 4,
      lines: [
        { kind: 'same', text: '    "github": {' },
        { kind: 'same', text: '      "command": "gh-mcp"' },
        { kind: 'removed', text: '    }' },
        { kind: 'added', text: '    },' },
        {
          kind: 'added',
          text: '    "signalbox": { "command": "signalbox", "args": ["connect", "--client", "vscode"] }',
        },
        { kind: 'same', text: '  }' },
      ],
    },
  ],
  line_end: 'lf',
  entry_text: '{ "command": "signalbox", "args": ["connect", "--client", "vscode"] }',
  backup_path: '~/.local/share/signalbox/backups/clients/vscode-user.json',
  movable: [],
  removed: [],
  warnings: ['VS Code asks whether it may start the server.'],
  restart: 'VS Code sees the change by itself.',
}
