import { AppError } from '../../shared/app-error.ts'
import type { Client, Profile } from '../../shared/client.ts'
import type { ServerId } from '../../shared/ids.ts'
import { type Server, type ServerState, startSteps } from '../../shared/server.ts'
import { defaultSettings, type Settings } from '../../shared/settings.ts'
import { applyEvent, type EngineEvent, type Snapshot, type StreamMessage } from '../../shared/snapshot.ts'
import { isFinished } from '../../shared/task.ts'
import type { UsageSample } from '../../shared/usage.ts'
import type { EngineClient } from '../client/engine-client.ts'
import { fixtureApprovals, fixtureHeld } from './fixture-approvals.ts'
import { fixtureBudget, fixtureClients, fixtureExplanation, fixtureProfiles } from './fixture-clients.ts'
import { fixtureReport } from './fixture-doctor.ts'
import { fixtureRuns, fixtureTransitions } from './fixture-history.ts'
import { fixtureLogsApi } from './fixture-logs-api.ts'
import { fixtureMetrics } from './fixture-metrics.ts'
import { fixtureOpenApi } from './fixture-openapi.ts'
import { fixturePreview, fixturePrograms } from './fixture-programs.ts'
import { fixtureQuestions } from './fixture-questions.ts'
import {
  fixtureAttention,
  fixtureDay,
  fixtureScan,
  fixtureSignIns,
  fixtureTasks,
  fixtureTools,
  fixtureUsage,
} from './fixture-records.ts'
import { fixtureRules, fixtureRulesApi } from './fixture-rules.ts'
import { fixtureServers, openedAt } from './fixture-servers.ts'
import { pause, stream } from './fixture-stream.ts'
import { fixtureTasksApi } from './fixture-tasks-api.ts'
import { fixtureSources, fixtureWebhooksApi } from './fixture-webhooks.ts'

const stepMs = 600

interface Looks {
  isEmpty: boolean
  isBare: boolean
  /** Whether servers wait for an answer of the person. */
  isAsked: boolean
}

/**
 * A made-up engine within the page, for looking at the page without one: it answers the contract from made-up records.
 * It is a fixture, never part of what is built for people.
 */
export function fixtureEngine({ isEmpty, isBare, isAsked }: Looks): EngineClient {
  const epoch = crypto.randomUUID()
  const tasks = fixtureTasks()
  const log = fixtureLogsApi()
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
    ...fixtureTasksApi({
      tasks,
      raise,
      total: () => snapshot.tasks_total,
      lines: log.lines,
      follow: (reader) => {
        eventReaders.add(reader)
        return () => eventReaders.delete(reader)
      },
    }),
    ...log.api,
  }
  return engine as unknown as EngineClient
}
