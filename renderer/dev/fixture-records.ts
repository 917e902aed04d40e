import { uuidV7 } from '../../shared/ids.ts'
import type { Candidate, ImportScan, Program } from '../../shared/import.ts'
import { candidateSchema, programSchema } from '../../shared/import.ts'
import { type LogLevel, type LogLine, logLineSchema } from '../../shared/log.ts'
import type { Server, Tool } from '../../shared/server.ts'
import { type SignInStatus, signInSchema } from '../../shared/sign-in.ts'
import type { AttentionItem, DayStats } from '../../shared/snapshot.ts'
import { attentionItemSchema } from '../../shared/snapshot.ts'
import { type Task, type TaskStatus, taskSchema } from '../../shared/task.ts'
import { type UsageSample, usageSamplesKept } from '../../shared/usage.ts'
import { ago, openedAt } from './fixture-servers.ts'

type TaskRow = readonly [
  status: TaskStatus,
  action: string,
  agent: string,
  origin: string,
  agoMs: number,
  tookMs: number | null,
]

const taskRows: readonly TaskRow[] = [
  ['running', 'browser_navigate', 'playwright', 'page', 8400, null],
  ['running', 'search_code', 'github', 'api', 1200, null],
  ['input_required', 'move_file', 'filesystem', 'page', 41_000, null],
  ['completed', 'git_status', 'git', 'terminal', 2000, 18],
  ['completed', 'read_graph', 'memory', 'page', 2600, 5],
  ['failed', 'list_issues', 'linear', 'api', 3000, 211],
  ['completed', 'fetch', 'fetch', 'api', 3900, 824],
  ['completed', 'read_text_file', 'filesystem', 'page', 4500, 6],
  ['failed', 'browser_click', 'playwright', 'page', 7000, 5410],
  ['completed', 'create_pull_request', 'github', 'api', 24_000, 2960],
  ['timed_out', 'find_issues', 'sentry', 'api', 90_000, 60_000],
  ['cancelled', 'longRunningOperation', 'everything', 'page', 122_000, 12_400],
  ['completed', 'directory_tree', 'filesystem', 'terminal', 190_000, 96],
  ['failed', 'query', 'sqlite-notes', 'terminal', 232_000, 402],
  ['interrupted', 'browser_snapshot', 'playwright', 'page', 264_000, null],
  ['completed', 'create_entities', 'memory', 'page', 338_000, 11],
]

/** The register: a first screen like the mock's, then the same calls again and again into the past. */
export function fixtureTasks(): Task[] {
  return Array.from({ length: 400 }, (_, index) => {
    const row = taskRows[index < taskRows.length ? index : 3 + (index % 13)]!
    return buildTask(row, index < taskRows.length ? row[4] : 338_000 + index * 47_000)
  })
}

function buildTask([status, action, agent, origin, , tookMs]: TaskRow, agoMs: number): Task {
  const isOpen = status === 'running' || status === 'input_required'
  const error = errors[status]
  return taskSchema.parse({
    task_id: uuidV7(openedAt - agoMs),
    status,
    agent,
    action,
    origin,
    parent_id: null,
    rerun_of: null,
    run_id: null,
    created_at: ago(agoMs),
    started_at: ago(agoMs - 2),
    finished_at: isOpen ? null : ago(agoMs - (tookMs ?? 0)),
    duration_ms: tookMs,
    progress: action === 'browser_navigate' ? { progress: 62, total: 100, message: 'loading' } : null,
    error_code: error?.code ?? null,
    parameters: {
      element: 'Save button',
      ref: 'e41',
      timeout: 5000,
      deep: { list: [1, 2, 3], flag: true, none: null },
    },
    ...(status === 'completed'
      ? { result: { content: [{ type: 'text', text: 'On branch main\nnothing to commit' }] } }
      : {}),
    ...(error ? { error } : {}),
    timeout_ms: 60_000,
    sent: true,
  })
}

const errors: Partial<Record<TaskStatus, Task['error']>> = {
  failed: {
    code: 'tool_error',
    message: 'The page never showed a Save button in 5 s',
    hint: 'Check the selector, or raise the timeout.',
  },
  timed_out: {
    code: 'timed_out',
    message: 'find_issues got no answer in 60 s and was cancelled',
    hint: 'Run it again, or raise the limit.',
  },
  interrupted: { code: 'app_died', message: 'Signalbox ended while the call ran; it had left', hint: 'Run it again.' },
}

const spoken: readonly (readonly [server: string, level: LogLevel, text: string])[] = [
  ['sentry', 'info', 'sentry-mcp 1.9.2, node 24.3.0'],
  ['sentry', 'info', 'config: org=\u001b[36macme\u001b[0m region=\u001b[36mde\u001b[0m'],
  ['sentry', 'debug', 'GET https://de.sentry.io/api/0/organizations/acme/'],
  ['sentry', 'warn', '\u001b[33mretry 1/3: ETIMEDOUT de.sentry.io:443\u001b[0m'],
  ['sentry', 'warn', '\u001b[33mretry 2/3: ETIMEDOUT de.sentry.io:443\u001b[0m'],
  ['sentry', 'error', '\u001b[31msupervisor: no answer to initialize in 10 s, stopping\u001b[0m'],
  ['playwright', 'info', 'click e41 "Save button"'],
  ['playwright', 'warn', '[browser] page slow: main thread blocked for 912 ms'],
  ['playwright', 'error', 'TimeoutError: locator.click: Timeout 5000 ms exceeded'],
  ['sqlite-notes', 'error', 'Error: file is not a database'],
  ['filesystem', 'info', 'Secure MCP Filesystem Server running on stdio'],
  ['github', 'debug', 'rate limit 4,812 of 5,000 <script>alert(1)</script>'],
]

/** A made-up log line; `seq` chooses which. */
export function fixtureLine(seq: number, atMs: number): LogLine {
  const [server, level, text] = spoken[seq % spoken.length]!
  return logLineSchema.parse({
    seq,
    at: new Date(atMs).toISOString(),
    server,
    run_id: null,
    stream: 'stderr',
    level,
    level_guessed: true,
    text,
  })
}

/** The last two thousand lines, oldest first. */
export function fixtureLog(): LogLine[] {
  return Array.from({ length: 2000 }, (_, index) => fixtureLine(index + 1, openedAt - (2000 - index) * 700))
}

/** What needs a person, as the engine would rank it. */
export function fixtureAttention(): AttentionItem[] {
  const row = (
    server: string,
    state: string,
    severity: string,
    minutes: number,
    title: string,
    message: string,
    kind: string,
    label: string,
  ): AttentionItem =>
    attentionItemSchema.parse({
      id: `${server}:${state}`,
      severity,
      server,
      task_id: null,
      state,
      title,
      message,
      code: state,
      since: ago(minutes * 60_000),
      action: { kind, label },
    })
  return [
    row(
      'postgres',
      'failed',
      'danger',
      11,
      'Cannot start.',
      'Command uvx is not on PATH.',
      'open_config',
      'Set the path',
    ),
    row(
      'sqlite-notes',
      'crash_looping',
      'danger',
      4,
      'Stopped trying.',
      'It exited 5 times in 2 min, each time with code 1.',
      'open_log',
      'See the log',
    ),
    row(
      'linear',
      'needs_sign_in',
      'attention',
      8,
      'Sign in.',
      'mcp.linear.app has ended the sign-in.',
      'sign_in',
      'Sign in',
    ),
    row(
      'slack',
      'needs_secret',
      'attention',
      26,
      'Secret missing.',
      'SLACK_BOT_TOKEN is not in the vault.',
      'open_config',
      'Open entry',
    ),
  ]
}

/** One remote server that is signed in to and once met the end of what was granted. */
export function fixtureSignIns(): SignInStatus[] {
  const granted = {
    status: 'signed_in',
    failure: null,
    issuer: 'https://auth.sentry.io',
    scope: 'org:read project:read offline_access',
    since: ago(30 * 3_600_000),
    missing_scope: 'event:write',
  }
  return [signInSchema.parse({ server: 'sentry', ...granted })]
}

const load = [3, 2, 2, 1, 1, 1, 1, 4, 9, 14, 21, 22, 17, 20, 26, 27, 22, 21, 18, 14, 12, 13, 15, 19]

/** Twenty-four hours that look like a working day. */
export function fixtureDay(): DayStats {
  const hours = load.map((value, index) => ({
    at: new Date(Math.floor(openedAt / 3_600_000 - 23 + index) * 3_600_000).toISOString(),
    calls: value * 11,
    failed: index % 5 === 2 ? Math.round(value / 6) : 0,
    p50_ms: 80 + ((index * 17) % 40),
    p95_ms: 320 + ((index * 71) % 190),
  }))
  const calls = hours.reduce((sum, one) => sum + one.calls, 0)
  return { calls, failed: hours.reduce((sum, one) => sum + one.failed, 0), p50_ms: 92, p95_ms: 412, hours }
}

/** Tools with schemas of every kind that a form must handle. */
export const fixtureTools: readonly Tool[] = [
  {
    name: 'read_text_file',
    title: 'Read text file',
    description: 'Read the complete contents of a file as text. Only works within allowed directories.',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'Absolute path' },
        head: { type: 'integer', description: 'Only the first N lines', minimum: 1 },
        encoding: { type: 'string', enum: ['utf-8', 'latin1'], default: 'utf-8' },
      },
      required: ['path'],
    },
    annotations: { readOnlyHint: true },
  },
  {
    name: 'edit_file',
    description: 'Make line-based edits to a text file.',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string' },
        edits: {
          type: 'array',
          items: {
            type: 'object',
            properties: { oldText: { type: 'string' }, newText: { type: 'string' } },
            required: ['oldText', 'newText'],
          },
        },
        options: {
          type: 'object',
          properties: { dryRun: { type: 'boolean', default: false }, context: { type: 'number' } },
        },
      },
      required: ['path', 'edits'],
    },
    annotations: { destructiveHint: true },
  },
  {
    name: 'list_allowed_directories',
    description: 'Returns the folders that this server may touch.',
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: true },
  },
]

const found: readonly (readonly [id: Program['id'], name: string, path: string | null, servers: number])[] = [
  ['claude-desktop', 'Claude Desktop', '~/.config/Claude/claude_desktop_config.json', 5],
  ['claude-code', 'Claude Code', '~/.claude.json', 4],
  ['cursor', 'Cursor', '~/.cursor/mcp.json', 3],
  ['vscode', 'VS Code', '~/.config/Code/User/mcp.json', 2],
  ['windsurf', 'Windsurf', null, 0],
  ['zed', 'Zed', null, 0],
  ['cline', 'Cline', null, 0],
  ['gemini', 'Gemini CLI', null, 0],
  ['codex', 'Codex', null, 0],
  ['goose', 'Goose', null, 0],
  ['lm-studio', 'LM Studio', null, 0],
]

type CandidateRow = readonly [id: string, program: Program['id'], change?: Partial<Candidate>]
const candidateRows: readonly CandidateRow[] = [
  ['filesystem', 'claude-desktop', { note: 'same in Cursor' }],
  [
    'github',
    'claude-desktop',
    { transport: 'http', summary: 'https://api.githubcopilot.com/mcp/', secrets: ['headers.Authorization'] },
  ],
  ['postgres', 'claude-desktop', { secrets: ['env.DATABASE_URL'], summary: 'uvx mcp-server-postgres' }],
  ['memory', 'claude-desktop'],
  ['slack', 'claude-desktop'],
  ['playwright', 'claude-code'],
  ['sentry', 'claude-code', { secrets: ['env.SENTRY_TOKEN'] }],
  ['git', 'claude-code'],
  ['sequential-thinking', 'claude-code'],
  ['git-2', 'cursor', { conflict: 'renamed', note: 'named git there; arguments differ', ticked: false }],
  ['linear', 'cursor', { transport: 'http', summary: 'https://mcp.linear.app/mcp' }],
  ['filesystem-2', 'cursor', { conflict: 'same', note: 'same as in Claude Desktop', ticked: false }],
  ['fetch', 'vscode'],
  ['time', 'vscode', { problem: 'It asks for an input when it starts, which only VS Code can do', ticked: false }],
]

/** What a scan of this machine would find; `isBare` finds nothing. */
export function fixtureScan(isBare: boolean): ImportScan {
  const programs = found.map(([id, name, path, servers]) =>
    programSchema.parse({
      id,
      name,
      servers: isBare ? 0 : servers,
      files: path && !isBare ? [{ path, scope: 'user', status: 'found', message: null, servers }] : [],
    }),
  )
  const candidates = isBare ? [] : candidateRows.map(([id, program, change]) => candidate(id, program, change))
  const samples = [
    candidate('notes', null, { summary: 'node notes.mjs', note: 'keeps notes in a file; nothing to install' }),
    candidate('workbench', null, { summary: 'node workbench.mjs', note: 'slow, failing and long calls to try out' }),
  ]
  return { programs, candidates, samples }
}

function candidate(id: string, program: Program['id'] | null, change: Partial<Candidate> = {}): Candidate {
  return candidateSchema.parse({
    key: `${program ?? 'sample'}:${id}`,
    id,
    source_name: id,
    program,
    path: program && (found.find(([name]) => name === program)?.[2] ?? null),
    transport: 'stdio',
    summary: `npx -y mcp-server-${id}`,
    entry: { command: 'npx', args: ['-y', `mcp-server-${id}`] },
    was_enabled: true,
    secrets: [],
    note: null,
    conflict: 'none',
    problem: null,
    ticked: true,
    ...change,
  })
}

/** Ten minutes of what the running servers used. */
export function fixtureUsage(servers: readonly Server[]): UsageSample[] {
  const running = servers.filter(({ pid }) => pid !== null)
  return Array.from({ length: usageSamplesKept }, (_, step) => ({
    at: new Date(openedAt - (usageSamplesKept - step) * 5000).toISOString(),
    servers: running.map(({ id, number }) => ({
      id,
      cpu_percent: Math.round(10 * number * (1 + Math.sin(step / 4 + number))) / 10,
      memory_mb: 40 + number * 9 + Math.round(4 * Math.sin(step / 9 + number)),
      processes: 1 + (number % 3),
    })),
  }))
}
