import { AppError } from '../../shared/app-error.ts'
import type { Client, Profile } from '../../shared/client.ts'
import { type ServerId, uuidV7 } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import { type Server, type ServerState, startSteps } from '../../shared/server.ts'
import { defaultSettings, type Settings } from '../../shared/settings.ts'
import { applyEvent, type EngineEvent, type Snapshot, type StreamMessage } from '../../shared/snapshot.ts'
import type { Task, TaskEvent, TaskSummary } from '../../shared/task.ts'
import { isFinished } from '../../shared/task.ts'
import type { UsageSample } from '../../shared/usage.ts'
import type { EngineClient } from '../client/engine-client.ts'
import { fixtureApprovals, fixtureHeld } from './fixture-approvals.ts'
import { callbackDecisions } from './fixture-callbacks.ts'
import { fixtureBudget, fixtureClients, fixtureExplanation, fixtureProfiles } from './fixture-clients.ts'
import { fixtureReport } from './fixture-doctor.ts'
import { fixtureRuns, fixtureTransitions } from './fixture-history.ts'
import { fixtureMetrics } from './fixture-metrics.ts'
import { fixtureOpenApi } from './fixture-openapi.ts'
import { fixturePreview, fixturePrograms } from './fixture-programs.ts'
import { fixtureQuestions } from './fixture-questions.ts'
import {
  fixtureAttention,
  fixtureDay,
  fixtureLine,
  fixtureLog,
  fixtureScan,
  fixtureSignIns,
  fixtureTasks,
  fixtureTools,
  fixtureUsage,
} from './fixture-records.ts'
import { fixtureRules, fixtureRulesApi } from './fixture-rules.ts'
import { fixtureServers, openedAt } from './fixture-servers.ts'
import { fixtureSources, fixtureWebhooksApi } from './fixture-webhooks.ts'

const stepMs = 600

/**
 * A made-up engine within the page, for looking at the page without one: it answers the contract from made-up records.
 * It is a fixture, never part of what is built for people.
 */
interface Looks {
  isEmpty: boolean
  isBare: boolean
  /** Whether servers wait for an answer of the person. */
  isAsked: boolean
}

export function fixtureEngine({ isEmpty, isBare, isAsked }: Looks): EngineClient {
  const epoch = crypto.randomUUID()
  const tasks = fixtureTasks()
  const log = fixtureLog()
  const logReaders = new Set<(line: LogLine) => void>()
  const eventReaders = new Set<(event: EngineEvent) => void>()
  let seq = 0
  let snapshot: Snapshot = {
    version: '0.1.0',
    home: '~/.local/share/signalbox',
    url: 'http://127.0.0.1:7420',
    started_at: new Date(openedAt).toISOString(),
    servers: isEmpty ? [] : fixtureServers(),
    sign_ins: isEmpty ? [] : fixtureSignIns(),
    attention: isEmpty ? [] : fixtureAttention(),
    config: { path: '~/.config/signalbox/mcp.json', revision: 0, problem: null },
    banner: null,
    running: isEmpty ? [] : tasks.filter((task) => !isFinished(task.status)),
    recent: isEmpty ? [] : tasks.filter((task) => isFinished(task.status)).slice(0, 20),
    tasks_total: isEmpty ? 0 : 41_208,
    day: fixtureDay(),
    settings: { settings: defaultSettings, can_start_on_login: true },
    questions: isAsked ? fixtureQuestions() : [],
    approvals: isEmpty ? [] : fixtureHeld(),
    webhook_sources: isEmpty || isBare ? [] : fixtureSources(),
    deliveries: [],
    rules: isEmpty || isBare ? [] : fixtureRules(),
    clients: isEmpty ? [] : fixtureClients(),
    profiles: isEmpty ? [] : [...fixtureProfiles],
  }

  function raise(event: EngineEvent): void {
    seq += 1
    snapshot = applyEvent(snapshot, event)
    for (const reader of eventReaders) reader(event)
  }

  function find(id: string): Server {
    const server = snapshot.servers.find((one) => one.id === id)
    if (!server)
      throw new AppError('unknown_server', `No server is named ${id}`, { hint: 'Look at the list of servers.' })
    return server
  }

  function change(id: string, values: Partial<Server>): Server {
    const server = { ...find(id), ...values }
    raise({ type: 'server.changed', server })
    return server
  }

  function enter(id: string, detail: ServerState, values: Partial<Server> = {}): Server {
    return change(id, { detail, state: detail.state, since: new Date().toISOString(), reason: null, ...values })
  }

  async function start(id: string): Promise<Server> {
    const startedAt = Date.now()
    const first = enter(id, { state: 'starting', step: 'resolve' }, { wished: true })
    void (async () => {
      for (let index = 0; index <= startSteps.length; index += 1) {
        const steps = startSteps.map((step, at) => ({
          step,
          status: at < index ? ('done' as const) : at === index ? ('running' as const) : ('waiting' as const),
          started_at: at <= index ? new Date(startedAt + at * stepMs).toISOString() : null,
          took_ms: at < index ? stepMs : null,
          detail: null,
        }))
        const isOver = index === startSteps.length
        const finished_at = isOver ? new Date().toISOString() : null
        const timing = { start: { started_at: new Date(startedAt).toISOString(), finished_at, steps } }
        if (isOver)
          enter(
            id,
            { state: 'ready' },
            { ...timing, tools: fixtureTools.length, era: 'legacy', protocol_version: '2025-11-25' },
          )
        else change(id, { detail: { state: 'starting', step: startSteps[index]! }, ...timing })
        await pause(stepMs)
      }
    })()
    return first
  }

  async function stop(id: string): Promise<Server> {
    const first = enter(id, { state: 'stopping', rung: 'stdin' }, { wished: false })
    setTimeout(() => enter(id, { state: 'stopped' }, { reason: 'stopped by you', pid: null }), stepMs)
    return first
  }

  function findTask(id: string): Task {
    const task = tasks.find((one) => one.task_id === id)
    if (!task) throw new AppError('unknown_task', `No task has the id ${id}`, { hint: 'Look at the list of tasks.' })
    return task
  }

  function putTask(task: Task): void {
    const at = tasks.findIndex((one) => one.task_id === task.task_id)
    if (at < 0) tasks.unshift(task)
    else tasks[at] = task
    raise({ type: 'task.changed', task, tasks_total: snapshot.tasks_total + (at < 0 ? 1 : 0) })
  }

  function createTask(
    agent: string,
    action: string,
    parameters: Record<string, unknown>,
  ): { task_id: Task['task_id']; status: 'queued' } {
    const task: Task = {
      ...tasks[3]!,
      task_id: uuidV7() as Task['task_id'],
      agent: agent as ServerId,
      action,
      parameters,
      origin: 'page',
      status: 'running',
      created_at: new Date().toISOString(),
      finished_at: null,
      duration_ms: null,
      progress: { progress: 40, total: 100, message: 'working' },
      result: undefined,
    }
    putTask(task)
    setTimeout(() => {
      if (findTask(task.task_id).status !== 'running') return
      const result = { content: [{ type: 'text', text: 'Done by the fixture' }] }
      putTask({
        ...task,
        status: 'completed',
        finished_at: new Date().toISOString(),
        duration_ms: 2400,
        progress: null,
        result,
      })
    }, 2400)
    return { task_id: task.task_id, status: 'queued' }
  }

  function timeline(task: Task): TaskEvent[] {
    const took = task.duration_ms ?? 1000
    const event = (
      number: number,
      offset_ms: number,
      kind: TaskEvent['kind'],
      data: Record<string, unknown>,
    ): TaskEvent => ({
      id: uuidV7(),
      task_id: task.task_id,
      number,
      offset_ms,
      kind,
      data,
      at: new Date(Date.parse(task.created_at) + offset_ms).toISOString(),
    })
    const begun = [
      event(1, 0, 'status', { status: 'queued' }),
      event(2, 2, 'sent', { request_id: 7 }),
      event(3, 2, 'status', { status: 'running' }),
    ]
    const progress = [0.2, 0.4, 0.8].map((share, at) =>
      event(4 + at, took * share, 'progress', { progress: share * 100, total: 100, message: null }),
    )
    return [
      ...begun,
      ...progress,
      ...(isFinished(task.status) ? [event(7, took, 'status', { status: task.status })] : []),
      ...(task.origin === 'api' && isFinished(task.status)
        ? callbackDecisions.map((data, at) => event(8 + at, took + 20 + at * 4000, 'outbound', data))
        : []),
    ]
  }

  function matching(filter: {
    status?: readonly string[]
    agent?: readonly string[]
    action?: readonly string[]
    origin?: readonly string[]
    q?: string
  }): Task[] {
    const needle = filter.q?.toLowerCase()
    return tasks.filter(
      (task) =>
        (filter.status?.includes(task.status) ?? true) &&
        (filter.agent?.includes(task.agent) ?? true) &&
        (filter.action?.includes(task.action) ?? true) &&
        (filter.origin?.includes(task.origin) ?? true) &&
        (needle === undefined || `${task.action} ${JSON.stringify(task.parameters)}`.toLowerCase().includes(needle)),
    )
  }

  function lines(filter: { server?: readonly string[]; q?: string }): LogLine[] {
    return log.filter(
      (line) =>
        (filter.server?.includes(line.server) ?? true) && (filter.q === undefined || line.text.includes(filter.q)),
    )
  }

  setInterval(() => {
    const line = fixtureLine(log.length + 1, Date.now())
    log.push(line)
    for (const reader of logReaders) reader(line)
  }, 400)

  const engine = {
    app: {
      events: async (_input: unknown, options?: { signal?: AbortSignal }) =>
        stream<StreamMessage>(options?.signal, (push) => {
          push({ kind: 'snapshot', epoch, seq, snapshot })
          const reader = (event: EngineEvent): void => push({ kind: 'changes', epoch, seq, events: [event] })
          eventReaders.add(reader)
          return () => eventReaders.delete(reader)
        }),
      snapshot: async () => snapshot,
      openApi: async () => fixtureOpenApi,
      attention: async () => ({ items: snapshot.attention }),
      searchPath: async () => ({ shell: '/bin/zsh', folders: ['~/.local/bin', '/usr/local/bin'], problem: null }),
      detectSearchPath: async () => ({ shell: '/bin/zsh', folders: ['~/.local/bin', '/usr/local/bin'], problem: null }),
    },
    servers: {
      list: async () => ({ items: snapshot.servers, next_before: null }),
      get: async ({ id }: { id: string }) => find(id),
      start: async ({ id }: { id: string }) => start(id),
      stop: async ({ id }: { id: string }) => stop(id),
      restart: async ({ id }: { id: string }) => start(id),
      tools: async () => ({ items: [...fixtureTools] }),
      resources: async () => ({ items: [] }),
      resourceTemplates: async () => ({ items: [] }),
      prompts: async () => ({ items: [] }),
      conversion: async ({ id }: { id: string }) =>
        id === 'git'
          ? { kind: 'none' }
          : {
              kind: 'offered',
              package: `@demo/server-${id}`,
              version: null,
              gain: { start_times_faster: 3, memory_share: 0.5 },
            },
      followUsage: async (_: undefined, options?: { signal?: AbortSignal }) =>
        stream<{ samples: UsageSample[] }>(options?.signal, (push) => {
          push({ samples: fixtureUsage(snapshot.servers) })
          return () => {}
        }),
      runs: async ({ id }: { id: string }) => ({ items: fixtureRuns(id as ServerId), next_before: null }),
      transitions: async ({ id }: { id: string }) => ({ items: fixtureTransitions(id as ServerId), next_before: null }),
      config: async ({ id }: { id: string }) => ({
        entry: { command: 'npx', args: ['-y', `mcp-server-${id}`], env: { LOG_LEVEL: 'info' } },
        launch: {
          command: '/usr/bin/npx',
          args: ['-y', `mcp-server-${id}`],
          cwd: '~/.local/share/signalbox',
          path: ['~/.local/bin', '~/bin', '~/.deno/bin', '/usr/local/bin', '/usr/bin', '/bin'],
          env_names: ['HOME', 'LANG', 'LOG_LEVEL', 'PATH'],
        },
        problem: null,
      }),
      saveConfig: async ({ id }: { id: string }) => start(id),
      remove: async ({ id }: { id: string }) => {
        raise({ type: 'server.removed', id: find(id).id })
        return { removed: true }
      },
    },
    signIn: {
      start: async ({ id }: { id: string }) => {
        const until = new Date(Date.now() + 600_000).toISOString()
        const sign_in = { server: id as ServerId, status: 'waiting', until, failure: null } as const
        if (!snapshot.sign_ins.some(({ server, status }) => server === id && status === 'waiting'))
          raise({ type: 'sign_in.changed', sign_in })
        return { url: 'https://auth.example.com/authorize?client_id=signalbox', until }
      },
      cancel: async ({ id }: { id: string }) => {
        raise({ type: 'sign_in.changed', sign_in: { server: id as ServerId, status: 'signed_out', failure: null } })
        return { cancelled: true }
      },
      signOut: async ({ id }: { id: string }) => {
        raise({ type: 'sign_in.changed', sign_in: { server: id as ServerId, status: 'signed_out', failure: null } })
        return { signed_out: true }
      },
    },
    ...fixtureMetrics(() => snapshot.servers),
    ...fixtureApprovals(
      () => snapshot.approvals,
      (id) => raise({ type: 'approval.settled', id }),
    ),
    ...fixtureWebhooksApi(raise),
    ...fixtureRulesApi(
      () => snapshot.rules,
      () => tasks.find(({ status }) => status === 'completed')!.task_id,
      raise,
    ),
    questions: {
      answer: async ({ id }: { id: string }) => {
        raise({ type: 'questions.changed', questions: snapshot.questions.filter((question) => question.id !== id) })
        return { answered: true }
      },
    },
    clients: {
      issue: async ({ name, profile }: { name: string; profile: Client['profile'] }) => {
        const client: Client = { ...fixtureClients()[3]!, name, profile }
        raise({ type: 'client.changed', client })
        return { client, token: `sbx_${'fixture'.repeat(6)}-` }
      },
      setProfile: async ({ id, profile }: Pick<Client, 'id' | 'profile'>) => {
        const client = { ...snapshot.clients.find((one) => one.id === id)!, profile }
        raise({ type: 'client.changed', client })
        return client
      },
      explain: async ({ server, tool }: { server: string; tool?: string }) => fixtureExplanation(server, tool),
    },
    profiles: {
      save: async (profile: Profile) => {
        raise({ type: 'profile.changed', profile })
        return profile
      },
    },
    connect: {
      programs: async () => ({ items: fixturePrograms }),
      preview: async () => fixturePreview,
    },
    doctor: {
      examine: async ({ server }: { server?: string }) =>
        fixtureReport(
          server,
          snapshot.servers.map(({ id }) => id),
        ),
      fix: async () => ({ done: 'Split the command into "command" and "args": done.' }),
    },
    budget: {
      get: async () => fixtureBudget(snapshot.servers, snapshot.clients, snapshot.profiles),
    },
    secrets: {
      list: async () => ({
        vault: { keeper: 'key_file', problem: null },
        items: [
          { name: 'GITHUB_TOKEN', is_set: true, used_by: ['github'] },
          { name: 'SLACK_BOT_TOKEN', is_set: false, used_by: ['slack'] },
        ],
      }),
      set: async ({ name }: { name: string }) => ({ name, restart: name === 'GITHUB_TOKEN' ? ['github'] : [] }),
      delete: async ({ name }: { name: string }) => ({ name }),
    },
    settings: {
      get: async () => ({
        ...snapshot.settings,
        held: {
          tasks: { count: 41_208, oldest_at: '2026-01-14T09:12:00.000Z', bytes: 96_400_000 },
          logs: { count: 2_846_112, oldest_at: '2026-10-23T00:00:04.000Z', bytes: 812_000_000 },
        },
        backup_folder: '~',
      }),
      set: async (change: Partial<Settings>) => {
        const { settings, ...rest } = snapshot.settings
        raise({ type: 'settings.changed', settings: { ...rest, settings: { ...settings, ...change } } })
        return snapshot.settings
      },
      measurePowerCutPrice: async () => ({ call_ms: 2.87, other_ms: 4.31, calls: 40 }),
    },
    backups: {
      create: async ({ file }: { file: string }) => ({ file, bytes: 18_200_000, parts: ['mcp.json', 'signalbox.db'] }),
      restore: async ({ file }: { file: string }) => ({
        file,
        made_at: new Date(openedAt).toISOString(),
        parts: ['mcp.json'],
        is_own: false,
      }),
      cancelRestore: async () => ({ cancelled: true }),
    },
    exports: { create: async ({ file }: { file: string }) => ({ file, lines: 41_208 }) },
    callbacks: {
      signingKey: async () => ({
        key: 'whsec_bXkgb3duIHNpZ25pbmcga2V5IG9mIHRoaXMgaG9tZQ==',
        scheme: 'standard-webhooks-1',
      }),
    },
    custom: {
      begin: async ({ name, dir }: { name: string; dir: string }) => ({
        id: name as ServerId,
        dir,
        next: ['npm test'],
        problem: null,
      }),
    },
    imports: {
      scan: async () => fixtureScan(isBare),
      read: async ({ text }: { text: string }) => {
        const servers = (JSON.parse(text) as { mcpServers: Record<string, Record<string, unknown>> }).mcpServers
        const [model] = fixtureScan(false).candidates
        const candidates = Object.entries(servers).map(([id, entry]) => ({
          ...model!,
          key: `pasted:${id}`,
          id: id as ServerId,
          source_name: id,
          program: null,
          path: null,
          entry,
          note: null,
          summary: String(entry.command ?? entry.url),
        }))
        return { candidates }
      },
      run: async ({ picks }: { picks: readonly { id: string }[] }) => {
        const model = fixtureServers()[12]!
        const offset = snapshot.servers.length
        for (const [index, pick] of picks.entries()) {
          raise({
            type: 'server.changed',
            server: { ...model, id: pick.id as ServerId, number: offset + index + 1, start: null },
          })
          if (pick.id === 'postgres') {
            const failed = fixtureServers()[2]!
            enter(pick.id, failed.detail, {
              wished: true,
              reason: failed.reason,
              start: failed.start,
              last_error: failed.last_error,
            })
          } else setTimeout(() => void start(pick.id), index * 400)
        }
        return { servers: snapshot.servers }
      },
    },
    tasks: {
      create: async (input: { agent: string; action: string; parameters?: Record<string, unknown> }) =>
        createTask(input.agent, input.action, input.parameters ?? {}),
      rerun: async ({ task_id }: { task_id: string }) => {
        const task = findTask(task_id)
        return createTask(task.agent, task.action, task.parameters)
      },
      list: async (filter: Parameters<typeof matching>[0] & { before?: string; limit?: unknown }) => {
        const all = matching(filter)
        const from = Number(filter.before ?? 0)
        const limit = Number(filter.limit ?? 100)
        return {
          items: all.slice(from, from + limit) as TaskSummary[],
          next_before: from + limit < all.length ? String(from + limit) : null,
        }
      },
      facets: async (filter: Parameters<typeof matching>[0]) => {
        const all = matching(filter)
        const count = (key: 'status' | 'agent' | 'action' | 'origin') =>
          Object.entries(Object.groupBy(all, (task) => task[key])).map(([value, items]) => ({
            value,
            count: items?.length ?? 0,
          }))
        return {
          total: all.length,
          status: count('status'),
          agent: count('agent'),
          action: count('action'),
          origin: count('origin'),
        }
      },
      get: async ({ task_id }: { task_id: string }) => findTask(task_id),
      cancel: async ({ task_id }: { task_id: string }) => {
        const task = findTask(task_id)
        putTask({
          ...task,
          status: 'cancelled',
          finished_at: new Date().toISOString(),
          duration_ms: Date.now() - Date.parse(task.created_at),
        })
        return { task_id: task.task_id, status: 'cancelled' as const }
      },
      events: async ({ task_id }: { task_id: string }) => ({ items: timeline(findTask(task_id)) }),
      follow: async ({ task_id }: { task_id: string }, options?: { signal?: AbortSignal }) =>
        stream<{ events: TaskEvent[]; task: TaskSummary }>(options?.signal, (push) => {
          push({ events: timeline(findTask(task_id)), task: findTask(task_id) })
          const reader = (event: EngineEvent): void => {
            if (event.type === 'task.changed' && event.task.task_id === task_id)
              push({ events: timeline(findTask(task_id)).slice(-1), task: event.task })
          }
          eventReaders.add(reader)
          return () => eventReaders.delete(reader)
        }),
      logs: async ({ task_id }: { task_id: string }) => ({
        items: lines({ server: [findTask(task_id).agent] }).slice(0, 9),
      }),
    },
    logs: {
      list: async (filter: { server?: readonly string[]; q?: string; before?: string; limit?: unknown }) => {
        const all = lines(filter).toReversed()
        const from = Number(filter.before ?? 0)
        const limit = Number(filter.limit ?? 100)
        return {
          items: all.slice(from, from + limit),
          next_before: from + limit < all.length ? String(from + limit) : null,
        }
      },
      tail: async (filter: { server?: readonly string[]; q?: string }, options?: { signal?: AbortSignal }) =>
        stream<{ lines: LogLine[]; dropped: number }>(options?.signal, (push) => {
          const reader = (line: LogLine): void => {
            if (filter.server?.includes(line.server) ?? true) push({ lines: [line], dropped: 0 })
          }
          logReaders.add(reader)
          return () => logReaders.delete(reader)
        }),
      overview: async () => ({
        total: log.length,
        servers: Object.entries(Object.groupBy(log, (line) => line.server)).map(([server, items]) => ({
          server: server as ServerId,
          lines: items?.length ?? 0,
          last_at: items?.at(-1)?.at ?? null,
        })),
        minutes: Array.from({ length: 24 }, (_, index) => ({
          at: new Date(openedAt - (24 - index) * 60_000).toISOString(),
          lines: 85 - ((index * 37) % 60),
          warnings: index % 4,
          errors: index % 7 === 0 ? 3 : 0,
        })),
      }),
    },
  }
  return engine as unknown as EngineClient
}

/** An async iterator over what a source pushes, until the signal ends it. */
async function* stream<T>(
  signal: AbortSignal | undefined,
  open: (push: (item: T) => void) => () => void,
): AsyncGenerator<T> {
  const items: T[] = []
  let wake: (() => void) | undefined
  const close = open((item) => {
    items.push(item)
    wake?.()
  })
  signal?.addEventListener('abort', () => wake?.(), { once: true })
  try {
    while (!signal?.aborted) {
      yield* items.splice(0)
      if (items.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    close()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
