import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { candidateSchema, type ProgramId } from '../../../shared/import.ts'
import { decodeText } from '../decode-text.ts'
import type { FileContext, FoundServer } from '../found-server.ts'
import { planCandidates } from '../plan-candidates.ts'
import { knownPrograms } from '../programs.ts'

const user: FileContext = { userHome: '/home/ada', platform: 'linux', projectDir: null }

/** What a program's format makes of its fixture, by name; only what differs from a plain found server. */
function read(id: ProgramId, file: string, context = user): Record<string, Partial<FoundServer>> {
  const program = knownPrograms.find((known) => known.id === id)!
  const decoded = decodeText(
    readFileSync(new URL(`../fixtures/${id}/${file}`, import.meta.url), 'utf8'),
    program.syntax,
  )
  if (decoded.kind === 'problem') throw new Error(decoded.problem.message)
  return Object.fromEntries(
    program.format(decoded.value, context).map(({ name, entry, wasEnabled, notes, problem, hasImpliedCwd }) => [
      name,
      {
        entry,
        ...(wasEnabled ? {} : { wasEnabled }),
        ...(notes.length > 0 ? { notes } : {}),
        ...(problem === null ? {} : { problem }),
        ...(hasImpliedCwd ? { hasImpliedCwd } : {}),
      },
    ]),
  )
}

it('reads Claude Desktop', () => {
  expect(Object.keys(read('claude-desktop', 'claude_desktop_config.json'))).toEqual([
    'filesystem',
    'github',
    'signalbox',
  ])
})

it('reads Claude Code, with the servers of its projects and what is switched off there', () => {
  expect(read('claude-code', '.claude.json')).toEqual({
    sentry: {
      entry: {
        type: 'http',
        url: 'https://mcp.sentry.dev/mcp',
        headers: { Authorization: 'Bearer ${SENTRY_TOKEN:-none}' },
      },
    },
    git: {
      entry: { command: 'uvx', args: ['mcp-server-git'], env: {}, cwd: 'PROJECT' },
      hasImpliedCwd: true,
    },
    old: { entry: { type: 'sse', url: 'https://old.example/sse' }, wasEnabled: false },
  })
})

it('reads Cursor and puts folders and variables in our words', () => {
  expect(read('cursor', 'mcp.json')).toEqual({
    filesystem: {
      entry: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/home/ada/notes'] },
    },
    git: { entry: { command: 'uvx', args: ['mcp-server-git', '--repository', '/home/ada/work'] } },
    linear: {
      entry: { type: 'http', url: 'https://mcp.linear.app/mcp', headers: { 'X-Key': '${LINEAR_KEY}' } },
      notes: ['its sign-in is not carried over'],
    },
    here: {
      entry: { command: 'node', args: ['${workspaceFolder}/server.js'] },
      notes: ['its env file .env is not read here'],
      problem: '${workspaceFolder} has a meaning in its own program only',
    },
    gateway: { entry: { type: 'http', url: 'http://127.0.0.1:7420/mcp' } },
  })
})

it('knows the folder of a project where the file belongs to one', () => {
  const project = { ...user, projectDir: '/home/ada/app' }
  expect(read('cursor', 'mcp.json', project).here).toEqual({
    entry: { command: 'node', args: ['/home/ada/app/server.js'], cwd: '/home/ada/app' },
    notes: ['its env file .env is not read here'],
    hasImpliedCwd: true,
  })
})

it('reads VS Code and says which values it asks for', () => {
  expect(read('vscode', 'mcp.json')).toEqual({
    gh: {
      entry: { command: 'gh-mcp', args: ['--root', '${workspaceFolder}'], env: { T: '${GH_TOKEN}' } },
      notes: ['the value of ${input:gh-token} is not in the file: set GH_TOKEN'],
      problem: '${workspaceFolder} has a meaning in its own program only',
    },
    docs: { entry: { type: 'http', url: 'https://docs.example/mcp?api_key=k3yk3yk3yk3yABCDEF01' } },
    socket: {
      entry: { type: 'http', url: 'unix:///run/mcp.sock' },
      problem: 'it listens on a socket file, which is not supported here',
    },
  })
})

it('reads Windsurf', () => {
  expect(read('windsurf', 'mcp_config.json')).toEqual({
    figma: {
      entry: {
        type: 'http',
        url: 'https://figma.example/mcp',
        headers: { Authorization: 'Bearer figd_0123456789abcdef' },
      },
      wasEnabled: false,
    },
    memory: {
      entry: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory'], env: { MEMORY_FILE: '${MEM}' } },
      notes: ['its choice of tools is not carried over'],
    },
  })
})

it('reads Zed, in both of its shapes', () => {
  expect(read('zed', 'settings.json')).toEqual({
    plain: { entry: { command: 'plain-mcp', args: ['-q'], env: {} } },
    older: { entry: { command: 'older-mcp', args: ['--x'], env: { A: '1' } } },
    'from-extension': { entry: {}, problem: 'its command is part of a Zed extension, not of the file' },
    remote: { entry: { type: 'http', url: 'https://remote.example/mcp' }, wasEnabled: false },
  })
})

it('reads Cline, with its limit in seconds', () => {
  expect(read('cline', 'cline_mcp_settings.json')).toEqual({
    http: { entry: { type: 'http', url: 'https://h.example/mcp', signalbox: { timeout_ms: 120_000 } } },
    off: { entry: { command: 'node', args: ['off.js'] }, wasEnabled: false },
  })
})

it('reads Gemini CLI, where url means HTTP+SSE', () => {
  expect(read('gemini', 'settings.json')).toEqual({
    stream: {
      entry: {
        type: 'http',
        url: 'https://s.example/mcp',
        headers: { 'X-Api-Key': '${STREAM_KEY}' },
        signalbox: { timeout_ms: 5000 },
      },
      notes: ['its choice of tools is not carried over'],
    },
    events: { entry: { type: 'sse', url: 'https://e.example/sse' } },
    excluded: {
      entry: { command: 'python', args: ['-m', 'server'], env: { TOKEN: '${TOKEN}' }, cwd: './server' },
      wasEnabled: false,
    },
  })
})

it('reads Codex, with names of variables as variables and limits in seconds', () => {
  expect(read('codex', 'config.toml')).toEqual({
    docs: {
      entry: {
        command: 'npx',
        args: ['-y', 'docs-mcp'],
        env: { DOCS_KEY: '${DOCS_KEY}', REMOTE_KEY: '${REMOTE_KEY}', PORT: '80' },
        signalbox: { timeout_ms: 90_500, start_timeout_ms: 20_000 },
      },
      notes: ['its choice of tools is not carried over'],
    },
    figma: {
      entry: {
        type: 'http',
        url: 'https://mcp.figma.com/mcp',
        headers: { 'X-Region': 'eu', 'X-Org': '${FIGMA_ORG}', Authorization: 'Bearer ${FIGMA_TOKEN}' },
      },
      wasEnabled: false,
    },
  })
})

it('reads Goose without the extensions that are a part of it', () => {
  expect(read('goose', 'config.yaml')).toEqual({
    github: {
      entry: {
        command: 'npx',
        args: ['-y', '@modelcontextprotocol/server-github'],
        env: { GITHUB_TOKEN: '${GITHUB_TOKEN}', LOG: 'info' },
        signalbox: { timeout_ms: 300_000 },
      },
      notes: ["GITHUB_TOKEN lies in Goose's keyring, not in the file"],
    },
    search: {
      entry: { type: 'http', url: 'https://search.example/mcp', headers: { 'X-Team': 'blue' } },
      wasEnabled: false,
    },
  })
})

it('reads LM Studio', () => {
  expect(read('lm-studio', 'mcp.json')).toEqual({
    hf: {
      entry: { type: 'http', url: 'https://huggingface.co/mcp', headers: { Authorization: 'Bearer ${HF_TOKEN}' } },
    },
    broken: { entry: { command: ['node', 'x.js'] } },
  })
})

it.each(knownPrograms.map(({ id, format }) => [id, format] as const))(
  '%s takes a file of any other shape as empty',
  (_id, format) => {
    const shapes = [null, 7, 'text', [], {}, { mcpServers: null }, { mcpServers: 'x' }, { projects: { a: 7 } }]
    expect(shapes.flatMap((shape) => format(shape, user))).toEqual([])
  },
)

it.each(knownPrograms.map(({ id, name, format }) => [id, { id, name }, format] as const))(
  '%s makes sound candidates of entries that hold anything',
  (_id, program, format) => {
    const keys = ['mcpServers', 'servers', 'context_servers', 'mcp_servers', 'extensions', 'projects', 'mcp']
    const field = fc.constantFrom(
      'type',
      'command',
      'cmd',
      'args',
      'env',
      'envs',
      'env_keys',
      'env_vars',
      'url',
      'uri',
      'headers',
    )
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('stdio', 'http', 'sse', 'https://a/', '${env:A}', '${input:', '__proto__'),
    )
    const entries = fc.dictionary(fc.string(), fc.oneof(fc.dictionary(field, value), fc.jsonValue()))
    fc.assert(
      fc.property(fc.constantFrom(...keys), entries, (key, servers) => {
        const found = format({ [key]: servers }, user)
        const candidates = planCandidates(
          found.map((server) => ({ server, program, path: '/f' })),
          [],
        )
        expect(candidateSchema.array().parse(candidates)).toEqual(candidates)
        expect(new Set(candidates.map((candidate) => candidate.key)).size).toBe(found.length)
        const ticked = candidates.filter((candidate) => candidate.ticked).map((candidate) => candidate.id)
        expect(new Set(ticked).size).toBe(ticked.length)
      }),
      { numRuns: 100 },
    )
  },
)
