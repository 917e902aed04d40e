import type { Failure } from '../../shared/app-error.ts'
import { type Server, type ServerState, serverSchema, startSteps } from '../../shared/server.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** When the page was opened: all times of the fixture are told from here. */
export const openedAt = Date.now()

/** RFC 3339 of a time this many milliseconds before the page was opened. */
export function ago(ms: number): string {
  return new Date(openedAt - ms).toISOString()
}

interface Sketch {
  id: string
  detail: ServerState
  age: number
  reason?: string
  wished?: boolean
  transport?: 'stdio' | 'http'
  version?: string
  tools?: number | null
  restarts?: number
  lastCall?: number
  /** What each step took in milliseconds; the first negative one broke after that long. */
  steps?: readonly number[]
  error?: Failure
}

const failure = (code: string, message: string, hint: string): Failure => ({ code, message, hint })
const noUvx = failure(
  'command_not_found',
  'uvx is not on PATH',
  'Install uv, or set the path of uvx in its configuration.',
)
const noAnswer = failure(
  'handshake_timeout',
  'No answer to initialize in 10 s',
  'Check the network or proxy: it cannot reach de.sentry.io:443.',
)
const exits = failure('exited', 'It exited 5 times in 2 min, each time with code 1', 'See its log for the reason.')
const signIn = failure('needs_sign_in', 'mcp.linear.app has ended the sign-in', 'Sign in again.')
const noSecret = failure('secret_missing', 'SLACK_BOT_TOKEN is not in the vault', 'Add the secret.')
const slow = failure('slow', 'It answers in 2.4 s; the limit is 1 s', 'Look at its load.')

const sketches: readonly Sketch[] = [
  { id: 'filesystem', detail: { state: 'ready' }, age: 3 * day, tools: 14, lastCall: 2000 },
  {
    id: 'github',
    detail: { state: 'ready' },
    age: 3 * day,
    transport: 'http',
    version: '2026-07-28',
    tools: 43,
    lastCall: 14_000,
  },
  {
    id: 'postgres',
    detail: { state: 'failed', failure: noUvx },
    age: 11 * minute,
    reason: 'uvx is not on PATH',
    tools: null,
    lastCall: day,
    steps: [-12],
    error: noUvx,
  },
  { id: 'memory', detail: { state: 'ready' }, age: 3 * day, tools: 9, lastCall: 4 * minute },
  { id: 'sequential-thinking', detail: { state: 'ready' }, age: 3 * day, tools: 1, lastCall: hour },
  {
    id: 'playwright',
    detail: { state: 'degraded', failure: slow },
    age: 2 * minute,
    reason: 'answers in 2.4 s, limit 1 s',
    version: '2025-06-18',
    tools: 24,
    restarts: 1,
    lastCall: 9000,
    error: failure('timed_out', 'browser_click got no answer in 60 s', 'Raise the limit.'),
  },
  {
    id: 'slack',
    detail: { state: 'needs_secret', names: ['SLACK_BOT_TOKEN'], failure: noSecret },
    age: 26 * minute,
    reason: 'no SLACK_BOT_TOKEN',
    tools: null,
    steps: [-6],
    error: noSecret,
  },
  {
    id: 'linear',
    detail: { state: 'needs_sign_in', failure: signIn },
    age: 8 * minute,
    reason: 'sign in: token expired',
    transport: 'http',
    version: '2026-07-28',
    tools: 18,
    lastCall: 12 * minute,
    error: signIn,
  },
  {
    id: 'sentry',
    detail: { state: 'backing_off', until: new Date(openedAt + 14_000).toISOString(), attempt: 3, failure: noAnswer },
    age: 20_000,
    reason: '3rd try follows',
    tools: 16,
    restarts: 3,
    lastCall: 6 * minute,
    steps: [4, 11, 1210, -10_000],
    error: noAnswer,
  },
  {
    id: 'everything',
    detail: { state: 'starting', step: 'handshake' },
    age: 1800,
    reason: 'handshake, 4 of 5',
    tools: 11,
    lastCall: day,
    steps: [18, 12, 1000],
  },
  { id: 'git', detail: { state: 'ready' }, age: 3 * day, tools: 12, lastCall: minute },
  {
    id: 'sqlite-notes',
    detail: { state: 'crash_looping', exits: 5, failure: exits },
    age: 4 * minute,
    reason: '5 exits in 2 min',
    version: '2025-03-26',
    tools: 6,
    restarts: 5,
    lastCall: 18 * minute,
    steps: [3, 9, -140],
    error: exits,
  },
  { id: 'brave-search', detail: { state: 'stopped' }, age: 5 * day, wished: false, tools: 2, lastCall: 5 * day },
  {
    id: 'fetch',
    detail: { state: 'ready' },
    age: 6 * hour,
    version: '2025-06-18',
    tools: 1,
    restarts: 2,
    lastCall: 31_000,
  },
  {
    id: 'docs',
    detail: { state: 'ready' },
    age: 6 * hour,
    transport: 'http',
    version: '2026-07-28',
    tools: 4,
    lastCall: 3 * minute,
  },
  {
    id: 'time',
    detail: { state: 'stopped' },
    age: 2 * hour,
    reason: 'stopped by you',
    wished: false,
    tools: 2,
    lastCall: 2 * hour,
  },
]

/** Sixteen servers, every state that the mock shows. */
export function fixtureServers(): Server[] {
  return sketches.map((sketch, index) => build(sketch, index + 1))
}

function build(sketch: Sketch, number: number): Server {
  const transport = sketch.transport ?? 'stdio'
  const { state } = sketch.detail
  const isUp = state === 'ready' || state === 'degraded'
  const version = sketch.tools === null || state === 'starting' ? null : (sketch.version ?? '2025-11-25')
  return serverSchema.parse({
    id: sketch.id,
    number,
    state,
    since: ago(sketch.age),
    reason: sketch.reason ?? null,
    detail: sketch.detail,
    wished: sketch.wished ?? true,
    pid: isUp && transport === 'stdio' ? 47_000 + number * 13 : null,
    run_id: null,
    transport,
    era: version === null ? null : version >= '2026' ? 'modern' : 'legacy',
    protocol_version: version,
    implementation: version === null ? null : { name: `mcp-server-${sketch.id}`, version: '2026.8.31' },
    tools: sketch.tools === undefined ? 1 : sketch.tools,
    resources: isUp ? 0 : null,
    prompts: isUp ? 0 : null,
    restarts: sketch.restarts ?? 0,
    last_call_at: sketch.lastCall === undefined ? null : ago(sketch.lastCall),
    last_error: sketch.error ? { ...sketch.error, at: ago(sketch.age) } : null,
    start: startOf(sketch.age, sketch.steps ?? [4, 11, 512, 238, 96], state === 'starting'),
    held_tools: [],
    client_processes: 0,
    noise: 0,
  } satisfies Record<keyof Server, unknown>)
}

const details = ['/usr/bin/npx', 'pid 47117', 'stderr, 31 bytes', 'legacy, 2025-11-25', '14 tools']

function startOf(age: number, steps: readonly number[], isRunning: boolean): Server['start'] {
  let at = openedAt - age
  const startedAt = new Date(at).toISOString()
  const timings = startSteps.map((step, index) => {
    const took = steps[index]
    const startedAt = new Date(at).toISOString()
    if (took === undefined) {
      const runs = isRunning && index === steps.length
      return {
        step,
        status: runs ? ('running' as const) : ('waiting' as const),
        started_at: runs ? startedAt : null,
        took_ms: null,
        detail: null,
      }
    }
    at += Math.abs(took)
    const status = took < 0 ? ('failed' as const) : ('done' as const)
    return { step, status, started_at: startedAt, took_ms: Math.abs(took), detail: took < 0 ? null : details[index]! }
  })
  return { started_at: startedAt, finished_at: isRunning ? null : new Date(at).toISOString(), steps: timings }
}
