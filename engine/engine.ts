import { join } from 'node:path'
import { AppError, failureOf } from '../shared/app-error.ts'
import { type ServerId, type TaskId, uuidV7 } from '../shared/ids.ts'
import type { LogLine } from '../shared/log.ts'
import type { Server } from '../shared/server.ts'
import type { EngineEvent, Notice, Snapshot } from '../shared/snapshot.ts'
import { isFinished, type TaskSummary } from '../shared/task.ts'
import { ownerToken } from './api/token-file.ts'
import { approvalItems, callerName } from './approvals/approval-attention.ts'
import { ApprovalDesk } from './approvals/approval-desk.ts'
import { attentionOf } from './attention.ts'
import { restoreOrdered } from './backup/next-restore.ts'
import { Banners } from './banners.ts'
import { ConnectionWatch } from './clients/connect/connection-watch.ts'
import { Connections, type WatchedPlace } from './clients/connect/connections.ts'
import { type ExportConfig, exporter } from './clients/export/export-routes.ts'
import { createImports, type Imports } from './clients/imports.ts'
import { openConfigFile } from './config/config-file.ts'
import type { RemoteSpec, ServerSpec } from './config/server-spec.ts'
import { Configuration } from './configuration.ts'
import { ConsentBook } from './consent/consent-book.ts'
import { EventHub } from './events/event-hub.ts'
import { ServerBridge } from './gateway/bridge/create-bridge.ts'
import type { QuestionTray } from './gateway/bridge/question-tray.ts'
import type { CallerBook } from './gateway/caller.ts'
import { ClientBook } from './gateway/clients/client-book.ts'
import { ContextBudget } from './gateway/clients/context-budget.ts'
import { ServedChanges } from './gateway/clients/served-changes.ts'
import { TokenCounter } from './gateway/clients/token-counter.ts'
import { Gateway } from './gateway/create-gateway.ts'
import { isUnwritable, makeHome } from './home-folder.ts'
import type { Host } from './host.ts'
import { CallGate } from './limits/call-gate.ts'
import { keptResource } from './limits/kept-resource.ts'
import { KeptResults } from './limits/kept-results.ts'
import { LimitsBook } from './limits/limits-book.ts'
import type { LogPipeline } from './logs/log-pipeline.ts'
import { createLogPipeline } from './logs/pipeline.ts'
import { createRouter, type EngineRouter } from './router.ts'
import { entrySecrets } from './secrets/entry-secrets.ts'
import { maskedStore } from './secrets/masked-store.ts'
import { Masker } from './secrets/masker.ts'
import { Secrets } from './secrets/secrets.ts'
import { StaleSecrets } from './secrets/stale-secrets.ts'
import { Conversions } from './servers/conversions.ts'
import { createSupervisor } from './servers/create-supervisor.ts'
import { filledRemote } from './servers/filled-remote.ts'
import { installIdOf } from './servers/install-id.ts'
import { endLeftovers } from './servers/leftovers.ts'
import { MemoryWatch } from './servers/memory-watch.ts'
import { ProcessRegistry, readRegistry } from './servers/process-registry.ts'
import { findSearchPath, type SearchPath, searchPathText } from './servers/search-path.ts'
import { SleepWatch } from './servers/sleep-watch.ts'
import type { Supervisor } from './servers/supervisor.ts'
import { type SampledServer, UsageSampler } from './servers/usage-sampler.ts'
import { Watchdog } from './servers/watchdog.ts'
import { SettingsBook } from './settings/settings-book.ts'
import type { CallbackAnswer } from './sign-in/callback-page.ts'
import { SignIn } from './sign-in/sign-in.ts'
import { watchChain } from './store/chain-watch.ts'
import { openLogStore, openStore } from './store/open-store.ts'
import { Retention } from './store/retention.ts'
import { logPauseKey } from './store/setting-keys.ts'
import type { CallRecorder, LogStore, Store } from './store/store.ts'
import { DayWatch } from './tasks/day-watch.ts'
import { TaskRunner } from './tasks/task-runner.ts'

/** The whole of Signalbox but its faces. */
export interface Engine extends AsyncDisposable {
  readonly host: Host
  readonly router: EngineRouter
  readonly hub: EventHub
  /** For what a face writes by itself, as the report of a defect. */
  readonly masker: Masker
  /** Takes what an authorization server sends back through a browser. */
  finishSignIn(query: URLSearchParams): Promise<CallbackAnswer>
  /** Serves MCP to clients, behind a face's guard. */
  readonly gateway: Gateway
  /** Told by the face that serves HTTP, for those who must reach it. */
  setUrl(url: string | null): void
  /** Told by a face that the system wakes: servers are asked whether they live. */
  afterSleep(): void
}

export interface EngineOptions {
  /** Who may use the gateway besides the owner; the clients of the store unless told. */
  callers?: CallerBook
  /** False: calls of clients leave no record. For the benchmark, which tells the price of recording; nothing else sets it. */
  isRecording?: boolean
}

/** What the router's lines may call. */
export interface Features {
  readonly hub: EventHub
  readonly store: Store
  readonly logStore: LogStore
  readonly logs: LogPipeline
  readonly supervisor: Supervisor
  readonly tasks: TaskRunner
  readonly configuration: Configuration
  readonly imports: Imports
  readonly connections: Connections
  readonly exported: ExportConfig
  readonly secrets: Secrets
  readonly signIn: SignIn
  readonly masker: Masker
  readonly usage: UsageSampler
  readonly conversions: Conversions
  readonly clients: ClientBook
  readonly budget: ContextBudget
  readonly servedChanges: ServedChanges
  readonly gateway: Gateway
  readonly tray: QuestionTray
  readonly searchPath: { get(): SearchPath; detect(): Promise<SearchPath> }
  readonly host: Host
  readonly settings: SettingsBook
  readonly limits: LimitsBook
  readonly kept: KeptResults
  readonly desk: ApprovalDesk
  /** The home cannot be written: all can be read, nothing starts and nothing is changed. */
  readonly isReadOnly: boolean
  /** A secret has a new value: the servers that run with the earlier one. */
  noteNewSecret(name: string): ServerId[]
  logsOfTask(id: TaskId): Promise<LogLine[]>
}

const noRecord: CallRecorder = { begin() {}, end() {} }

/** Events that may change what needs a person. */
const needsAnotherLook: ReadonlySet<EngineEvent['type']> = new Set([
  'server.changed',
  'server.removed',
  'sign_in.changed',
  'config.changed',
  'banner.changed',
  'approvals.changed',
])

/** Most log lines shown beside one task. */
const linesBesideTask = 500

/**
 * Opens the stores, reads the configuration and starts what was on; resolves once calls are taken, not once every
 * server is ready.
 * @throws AppError `home_read_only`, `disk_full` and what else keeps a home folder from being used.
 */
export async function createEngine(host: Host, { callers, isRecording = true }: EngineOptions = {}): Promise<Engine> {
  await makeHome(host.home)
  await using stack = new AsyncDisposableStack()
  const startedAt = new Date().toISOString()

  // A shell may take its time; the stores are opened meanwhile.
  const asked = findSearchPath(host)
  const masker = new Masker()
  const owner = await ownerToken(host.home)
  masker.learn([owner])
  const banners = new Banners()
  const isReadOnly = await isUnwritable(host.home)
  if (!isReadOnly) banners.set('restore', restoreOrdered(host.home, new Date()))
  const { store: precious, banner } = await openStore({
    file: join(host.home, 'signalbox.db'),
    worker: host.storeWorker,
    onBanner: (now) => banners.set('store', now),
  })
  const store = stack.use(maskedStore(precious, masker))
  banners.set('store', banner)
  banners.set('disk', store.disk.banner)
  stack.use(store.disk.onChange((now) => banners.set('disk', now)))
  const opened = await openLogStore({ file: join(host.home, 'logs.db'), worker: host.storeWorker })
  const logStore = stack.use(opened.store)
  banners.set('logs', opened.banner)
  const mayPauseForEver = (await store.settings.get(logPauseKey)) === true
  const logs = stack.use(
    createLogPipeline({
      intake: logStore.intake,
      masker,
      ...(mayPauseForEver && { longestPauseMs: Number.POSITIVE_INFINITY }),
      onStoreFailure: onLogStoreFailure,
      onStoreRecovery: () => banners.set('logs', null),
    }),
  )
  logs.hold(store.disk.isFull)
  stack.use(store.disk.onChange(() => logs.hold(store.disk.isFull)))

  const isWritable = store.access === 'read_write'
  const interrupted = { count: isWritable ? await store.tasks.interruptOpen(startedAt) : 0, at: startedAt }
  const installId = await installIdOf(store.settings, host.home, isWritable)
  const lastLife = {
    installId,
    runs: isWritable ? await store.servers.closeOpenRuns(startedAt) : [],
    registry: await readRegistry(host.home),
  }
  // Without a lock on the home, what looks like a leftover may be the server of a program that runs.
  const leftovers = isReadOnly ? { ended: [], survivors: [] } : await endLeftovers(lastLife, host.platform)
  const { home, platform, env } = host
  const watchdog = stack.use(new Watchdog({ installId, platform, env }))
  const registry = new ProcessRegistry({ home, platform, watchdog })

  // An edit while the rest is still being opened is part of the first `apply`.
  let isUp = false
  const configFile = stack.use(
    await openConfigFile({
      path: join(host.home, 'mcp.json'),
      onChange: () => {
        if (isUp && !isReadOnly) onConfigChanged().catch(tellDefect)
      },
    }),
  )
  const settings = await SettingsBook.open({ repo: store.settings, loginItem: host.loginItem ?? null })
  const clients = stack.use(await ClientBook.open({ repo: store.clients, ownerToken: owner, masker, publish }))
  const hub = new EventHub(await firstSnapshot())
  let gateway: Gateway | null = null
  const consent = await ConsentBook.open({ repo: store.consents, masker, onUnrecorded: onUnrecordedConsent })
  banners.onChange = (shown) => publish({ type: 'banner.changed', banner: shown })
  let searchPath = await asked
  const signIn = stack.use(
    new SignIn({
      vault: host.vault,
      learn: (values) => masker.learn(values),
      remote: remoteOf,
      ownUrl: () => hub.snapshot.url,
      changed: (status) => publish({ type: 'sign_in.changed', sign_in: masker.json(status) }),
      signedIn: (id) => supervisor.resume(id),
      log: (server, text, level) => logs.write({ server, run_id: null, stream: 'supervisor', level, text }),
    }),
  )
  const bridge = stack.use(
    new ServerBridge({
      onQuestions: (questions) => publish({ type: 'questions.changed', questions: masker.json(questions) }),
    }),
  )
  const supervisor = stack.use(
    createSupervisor({
      host,
      store: store.servers,
      logs,
      masker,
      consent,
      authorizerFor: (id, remote) => signIn.authorizerFor(id, remote),
      installId,
      registry,
      searchPath: searchPathText(searchPath, platform),
      onChange: (server) => {
        publish({ type: 'server.changed', server })
        gateway?.serverChanged(server)
      },
      onRemove: (id) => {
        publish({ type: 'server.removed', id })
        gateway?.serverRemoved(id)
      },
      onNotice: (notice) => raise({ ...notice, task_id: null }),
      traffic: bridge,
    }),
  )
  const memory = new MemoryWatch()
  const usage = stack.use(
    new UsageSampler({
      platform,
      servers: sampledServers,
      onOverLimit: (id, usedMb, limitMb) => supervisor.endOverMemory(id, usedMb, limitMb),
      onMeasured: (measured) => memory.look(measured) && refreshAttention(),
    }),
  )
  stack.use(new SleepWatch(() => supervisor.afterSleep()))
  const day = stack.use(new DayWatch(store.tasks, (value) => publish({ type: 'day.changed', day: value })))
  const limits = await LimitsBook.open(store.settings)
  const kept = new KeptResults(host.home)
  const desk = await ApprovalDesk.open({
    settings: store.settings,
    decisions: store.approvals,
    masker,
    onChange: (approvals) => publish({ type: 'approvals.changed', approvals }),
    onHeld: ({ id, server, tool, origin }) => {
      const message = `${callerName(origin)} waits to call ${tool} of ${server}.`
      raise({ severity: 'caution', server, task_id: id, title: 'Approval wanted', message })
    },
  })
  const tasks = stack.use(
    new TaskRunner({
      tasks: store.tasks,
      calls: isRecording ? store.calls : noRecord,
      supervisor,
      gate: new CallGate({ limits, desk, kept, masker, listing: (id) => supervisor.listing(id) }),
      masker,
      onChange: onTaskChanged,
    }),
  )
  const report = (error: unknown, where: string): void => console.error(masker.text(`A defect in ${where}: ${error}`))
  const served = stack.use(
    new Gateway({
      version: host.version,
      supervisor,
      tasks,
      book: callers ?? clients,
      bridge,
      ownResource: keptResource({ kept, tasks }),
      report,
    }),
  )
  gateway = served
  const servedChanges = stack.use(new ServedChanges({ gateway: served, supervisor }))
  const counter = stack.use(new TokenCounter(host))
  const budget = new ContextBudget({ book: clients, supervisor, tasks: store.tasks, counter })
  const configuration = new Configuration(configFile, supervisor)
  const conversions = new Conversions({
    host,
    spec: (id) => supervisor.spec(id),
    baseEnv: () => supervisor.baseEnv,
    save: (id, entry) => configuration.save(id, entry),
  })
  const imports = createImports(host, () => configFile.specs())
  const url = () => hub.snapshot.url
  const connections = new Connections({ host, served: () => supervisor.list().flatMap(servedSpec), url })
  const exported = exporter(() => configFile.specs(), url)

  const secrets = new Secrets({ vault: host.vault, masker, specs: () => configFile.specs() })

  const staleSecrets = new StaleSecrets()
  settings.onChange = (state) => publish({ type: 'settings.changed', settings: state })

  isUp = true
  await onConfigChanged()
  refreshAttention()
  tellLeftovers()
  if (!isReadOnly) supervisor.restore()
  const onDrift = ({ name, place }: WatchedPlace) => tellClientFile(`${name} may not lead here`, place.drift?.message)
  const onUnwatched = (error: unknown) => tellClientFile('Client files are not watched', failureOf(error).message)
  stack.use(new ConnectionWatch({ connections, onDrift, onFailure: onUnwatched }))
  stack.use(new Retention({ store, logStore }))
  stack.use(watchChain(store, (found) => banners.set('chain', found)))

  const features: Features = {
    hub,
    store,
    logStore,
    logs,
    supervisor,
    tasks,
    configuration,
    imports,
    connections,
    exported,
    secrets,
    signIn,
    masker,
    usage,
    conversions,
    clients,
    budget,
    servedChanges,
    gateway: served,
    tray: bridge.tray,
    searchPath: { get: () => searchPath, detect: detectSearchPath },
    host,
    settings,
    limits,
    kept,
    desk,
    isReadOnly,
    noteNewSecret,
    logsOfTask,
  }
  const owned = stack.move()
  return {
    host,
    hub,
    masker,
    gateway: served,
    router: createRouter(features),
    finishSignIn: (query) => signIn.finish(query),
    setUrl: (url) => publish({ type: 'url.changed', url }),
    afterSleep: () => supervisor.afterSleep(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }

  async function remoteOf(id: ServerId): Promise<RemoteSpec> {
    const remote = supervisor.spec(id)?.remote ?? null
    if (remote === null) throw new AppError('not_remote', `${id} is no remote server.`, { status: 409 })
    return filledRemote(remote, { host, baseEnv: supervisor.baseEnv, masker })
  }

  async function detectSearchPath(): Promise<SearchPath> {
    searchPath = await findSearchPath(host, { force: true })
    supervisor.setSearchPath(searchPathText(searchPath, platform))
    return searchPath
  }

  function noteNewSecret(name: string): ServerId[] {
    const users = secrets.usersOf(name)
    const running = staleSecrets.note(
      name,
      supervisor.list().filter(({ id }) => users.includes(id)),
    )
    refreshAttention()
    return running
  }

  function sampledServers(): SampledServer[] {
    return supervisor.list().flatMap(({ id, pid }) => {
      const limitMb = supervisor.spec(id)?.settings.memoryLimitMb ?? null
      return pid === null ? [] : [{ id, pid, limitMb }]
    })
  }

  function tellClientFile(title: string, message = ''): void {
    raise({ severity: 'caution', server: null, task_id: null, title, message })
  }

  /** Of a server that calls reach now. */
  function servedSpec({ id, detail }: Server): ServerSpec[] {
    const spec = ['ready', 'degraded', 'asleep'].includes(detail.state) ? supervisor.spec(id) : null
    return spec === null ? [] : [spec]
  }

  async function onConfigChanged(): Promise<void> {
    learnFromConfig()
    publish({ type: 'config.changed', config: masker.json(configFile.status()) })
    await configuration.apply()
  }

  function tellDefect(error: unknown): void {
    const { message } = failureOf(error)
    raise({ severity: 'danger', server: null, task_id: null, title: 'mcp.json is not in force', message })
  }

  /** What the runs of an app that died left behind is news, even where it is gone now. */
  function tellLeftovers(): void {
    for (const { server, pids } of leftovers.ended) {
      if (server === null) continue
      const text = `ended ${pids.length} of its processes that an earlier Signalbox left behind: ${pids.join(', ')}`
      logs.write({ server, run_id: null, stream: 'supervisor', level: 'warn', text })
    }
    const count = leftovers.ended.reduce((sum, { pids }) => sum + pids.length, 0)
    if (count > 0) {
      const message = `Ended ${count === 1 ? '1 process' : `${count} processes`} that an earlier Signalbox left behind.`
      raise({ severity: 'info', server: null, task_id: null, title: 'Cleaned up', message })
    }
    if (leftovers.survivors.length === 0) return
    const pids = leftovers.survivors.join(', ')
    const message = `Processes that an earlier Signalbox left behind cannot be ended: ${pids}.`
    raise({ severity: 'danger', server: null, task_id: null, title: 'Leftovers', message })
  }

  /** Before anything runs that could say them. */
  function learnFromConfig(): void {
    for (const { entry } of configFile.specs()) masker.learn(entrySecrets(entry).map(({ value }) => value))
  }

  function onUnrecordedConsent(server: ServerId, error: unknown): void {
    const text = `what was agreed to holds until Signalbox ends; it could not be recorded: ${failureOf(error).message}`
    logs.write({ server, run_id: null, stream: 'supervisor', level: 'warn', text })
  }

  function onLogStoreFailure(error: unknown): void {
    const { code, message, hint } = failureOf(error)
    const since = new Date().toISOString()
    const text = `Log lines are shown but no longer kept: ${message}`
    if (code === 'disk_full') store.disk.full()
    else banners.set('logs', { code, severity: 'caution', message: text, hint, since })
  }

  function onTaskChanged(task: TaskSummary, isNew: boolean): void {
    hub.taskChanged(task, isNew)
    if (isFinished(task.status)) day.touch()
  }

  function publish(event: EngineEvent): void {
    hub.publish(event)
    if (needsAnotherLook.has(event.type)) refreshAttention()
  }

  function raise(notice: Omit<Notice, 'id' | 'at'>): void {
    const at = new Date().toISOString()
    publish({ type: 'notice.raised', notice: { ...masker.json(notice), id: uuidV7(), at } })
  }

  function refreshAttention(): void {
    const { servers } = hub.snapshot
    const found = [...staleSecrets.items(servers), ...memory.items(servers), ...approvalItems(hub.snapshot.approvals)]
    const items = attentionOf({ ...hub.snapshot, interrupted, found })
    if (JSON.stringify(items) !== JSON.stringify(hub.snapshot.attention))
      hub.publish({ type: 'attention.changed', items })
  }

  async function firstSnapshot(): Promise<Snapshot> {
    const [tasks_total, recent, today] = await Promise.all([
      store.tasks.count(),
      store.tasks.list({ limit: 20 }),
      store.tasks.day(startedAt),
    ])
    return {
      version: host.version,
      home: host.home,
      url: null,
      started_at: startedAt,
      servers: [],
      sign_ins: [],
      attention: [],
      config: configFile.status(),
      banner: banners.shown,
      running: [],
      recent: recent.items,
      tasks_total,
      day: today,
      settings: settings.state,
      questions: [],
      clients: clients.list(),
      profiles: clients.profiles(),
      approvals: [],
    }
  }

  async function logsOfTask(id: TaskId): Promise<LogLine[]> {
    const task = await tasks.get(id)
    await logs.flush()
    const span = { from: task.started_at ?? task.created_at, to: task.finished_at ?? new Date().toISOString() }
    const { items } = await logStore.list({ server: [task.agent], span, limit: linesBesideTask })
    return items.reverse()
  }
}
