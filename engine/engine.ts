import { join } from 'node:path'
import { AppError, failureOf } from '../shared/app-error.ts'
import type { ServerId } from '../shared/ids.ts'
import { isFinished, type TaskSummary } from '../shared/task.ts'
import { ownerToken } from './api/token-file.ts'
import { approvalItems } from './approvals/approval-attention.ts'
import { restoreOrdered } from './backup/next-restore.ts'
import { Banners } from './banners.ts'
import { signingKey } from './callbacks/signature.ts'
import { ConnectionWatch } from './clients/connect/connection-watch.ts'
import { Connections } from './clients/connect/connections.ts'
import { exporter } from './clients/export/export-routes.ts'
import { createImports } from './clients/imports.ts'
import { openConfigFile } from './config/config-file.ts'
import { lastGoodPath } from './config/last-good.ts'
import type { RemoteSpec } from './config/server-spec.ts'
import { bringInForce, followEdit } from './config-in-force.ts'
import { Configuration } from './configuration.ts'
import { ConsentBook } from './consent/consent-book.ts'
import { CustomServers } from './custom/custom-servers.ts'
import { createDoctor } from './doctor/create-doctor.ts'
import { EngineFacts } from './events/engine-facts.ts'
import { EventBus } from './events/event-bus.ts'
import { EventHub } from './events/event-hub.ts'
import { ToldEnds } from './events/told-ends.ts'
import type { Features } from './features.ts'
import { firstSnapshot } from './first-snapshot.ts'
import { ServerBridge } from './gateway/bridge/create-bridge.ts'
import { questionItems } from './gateway/bridge/question-attention.ts'
import type { CallerBook } from './gateway/caller.ts'
import { ClientBook } from './gateway/clients/client-book.ts'
import type { Gateway } from './gateway/create-gateway.ts'
import { openGateway } from './gateway/open-gateway.ts'
import { SlugBook } from './gateway/slug-book.ts'
import { isUnwritable, makeHome } from './home-folder.ts'
import type { Host } from './host.ts'
import { settleLastLife, tellLeftovers } from './last-life.ts'
import { openGate } from './limits/open-gate.ts'
import { Metrics } from './metrics/metrics.ts'
import { Tracing } from './metrics/tracing.ts'
import { News } from './news.ts'
import { openStores } from './open-stores.ts'
import { KeptPauses } from './outbound/kept-pauses.ts'
import { OutboundClient } from './outbound/outbound-client.ts'
import { createRouter, type EngineRouter } from './router.ts'
import { openRules } from './rules/open-rules.ts'
import { Masker } from './secrets/masker.ts'
import { Secrets } from './secrets/secrets.ts'
import { StaleSecrets } from './secrets/stale-secrets.ts'
import { Conversions } from './servers/conversions.ts'
import { createSupervisor } from './servers/create-supervisor.ts'
import { filledRemote } from './servers/filled-remote.ts'
import { ProcessRegistry } from './servers/process-registry.ts'
import { reachableSpecs } from './servers/reachable-specs.ts'
import { findSearchPath, type SearchPath, searchPathText } from './servers/search-path.ts'
import { SourceWatch } from './servers/source-watch.ts'
import { watchServers } from './servers/watch-servers.ts'
import { Watchdog } from './servers/watchdog.ts'
import { SettingsBook } from './settings/settings-book.ts'
import type { CallbackAnswer } from './sign-in/callback-page.ts'
import { SignIn } from './sign-in/sign-in.ts'
import { watchChain } from './store/chain-watch.ts'
import { Retention } from './store/retention.ts'
import type { CallRecorder } from './store/store.ts'
import { DayWatch } from './tasks/day-watch.ts'
import { logsOfTask } from './tasks/logs-of-task.ts'
import { openTasks } from './tasks/open-tasks.ts'
import { Webhooks } from './webhooks/webhooks.ts'

/** The whole of Signalbox but its faces. */
export interface Engine extends AsyncDisposable {
  readonly host: Host
  readonly router: EngineRouter
  readonly hub: EventHub
  readonly bus: EventBus
  /** For what a face writes by itself, as the report of a defect. */
  readonly masker: Masker
  /** Takes what an authorization server sends back through a browser. */
  finishSignIn(query: URLSearchParams): Promise<CallbackAnswer>
  /** Takes what others send to `/webhooks/…`, which carries its own proof. */
  readonly webhooks: Webhooks
  /** Serves MCP to clients, behind a face's guard. */
  readonly gateway: Gateway
  /** Answers `/metrics`, behind a face's guard. */
  readonly metrics: Metrics
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

const noRecord: CallRecorder = { begin() {}, end() {} }

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
  const callbackKey = signingKey(owner)
  masker.learn([owner, callbackKey])
  const banners = new Banners()
  const isReadOnly = await isUnwritable(host.home)
  if (!isReadOnly) banners.set('restore', restoreOrdered(host.home, new Date()))
  const { store, logStore, logs } = stack.use(await openStores(host, masker, banners))
  const lastLife = await settleLastLife({ host, store, isLocked: !isReadOnly, startedAt })
  const { installId, interrupted } = lastLife
  const { home, platform, env, version } = host
  const watchdog = stack.use(new Watchdog({ installId, platform, env }))
  const registry = new ProcessRegistry({ home, platform, watchdog })

  const bus = new EventBus({
    onFailure: (error, { name }) => console.error(masker.text(`A defect in a subscriber of ${name}: ${error}`)),
  })
  const ends = await ToldEnds.open({ store, startedAt })
  const facts = new EngineFacts(bus, ends)
  const publish: News['publish'] = (event) => {
    news.publish(event)
    facts.look(event)
  }
  const raise: News['raise'] = (notice) => news.raise(notice)
  // An edit while the rest is still being opened is part of the first `apply`.
  let isUp = false
  const configFile = stack.use(
    await openConfigFile({
      path: join(host.home, 'mcp.json'),
      ...(!isReadOnly && { lastGood: lastGoodPath(host.home) }),
      onChange: () => {
        if (isUp && !isReadOnly) void followEdit({ configFile, configuration, masker, news })
      },
    }),
  )
  const settings = await SettingsBook.open({ repo: store.settings, loginItem: host.loginItem ?? null })
  const clients = stack.use(await ClientBook.open({ repo: store.clients, ownerToken: owner, masker, publish }))
  const webhooks = stack.use(await openWebhooks())
  const hub = new EventHub(
    await firstSnapshot({ host, store, startedAt, configFile, banners, settings, clients, webhooks }),
  )
  const url = () => hub.snapshot.url
  const connections = new Connections({ host, served: () => reachableSpecs(supervisor), url })
  const clientFiles = stack.use(
    new ConnectionWatch({ connections, onChange: () => news.refreshAttention(), onFailure: onUnwatched }),
  )
  const staleSecrets = new StaleSecrets()
  const news = new News({
    hub,
    masker,
    interrupted,
    found: (servers) => [
      ...staleSecrets.items(servers),
      ...(watched?.items(servers) ?? []),
      ...approvalItems(hub.snapshot.approvals),
      ...questionItems(hub.snapshot.questions),
      ...clientFiles.items,
    ],
  })
  let watched: ReturnType<typeof watchServers> | null = null
  let gateway: Gateway | null = null
  let metrics: Metrics | null = null
  const consent = await ConsentBook.open({ repo: store.consents, masker, onUnrecorded: onUnrecordedConsent })
  banners.onChange = (shown) => publish({ type: 'banner.changed', banner: shown })
  let searchPath = await asked
  const signIn = stack.use(
    new SignIn({
      vault: host.vault,
      learn: (values) => masker.learn(values),
      remote: remoteOf,
      ownUrl: url,
      changed: (status) => publish({ type: 'sign_in.changed', sign_in: masker.json(status) }),
      signedIn: (id) => supervisor.resume(id, 'signed_in'),
      log: (server, text, level) => logs.write({ server, run_id: null, stream: 'supervisor', level, text }),
    }),
  )
  const slugs = await SlugBook.open(store.settings, isReadOnly)
  const bridge = stack.use(
    new ServerBridge({
      ownerToken: owner,
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
      leftBehind: new Set(lastLife.leftovers.ended.flatMap(({ server }) => server ?? [])),
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
  const fill = (remote: RemoteSpec) => filledRemote(remote, { host, baseEnv: supervisor.baseEnv, masker })
  watched = stack.use(
    watchServers({
      platform,
      supervisor,
      bus,
      logs,
      fill,
      onSample: (sample) => metrics?.noteUsage(sample),
      onNews: () => news.refreshAttention(),
    }),
  )
  const day = stack.use(new DayWatch(store.tasks, (value) => publish({ type: 'day.changed', day: value })))
  const { gate, limits, desk, kept } = await openGate({ home, store, supervisor, masker, publish, raise, facts })
  const pauses = stack.use(await KeptPauses.open({ settings: store.settings, isReadOnly }))
  const tracing = stack.use(new Tracing({ version, supervisor, fill, masker }))
  const outbound = new OutboundClient({ allowed: () => settings.state.settings.allowed_targets, pauses, tracing })
  stack.use(outbound.observe(({ service, endpoint }) => metrics?.noteOutbound(service, endpoint)))
  const { tasks, requests, callbacks } = stack.use(
    await openTasks({
      store,
      calls: isRecording ? store.calls : noRecord,
      supervisor,
      gate,
      masker,
      tracing,
      outbound,
      callbackKey,
      version,
      isReadOnly,
      specs: () => configFile.specs(),
      slugs,
      raise,
      onChange: onTaskChanged,
    }),
  )
  const calling = { bridge, slugs, tracing, clients, callers, kept }
  const served = stack.use(openGateway({ host, supervisor, tasks, useOfTools: store.tasks, masker, ...calling }))
  gateway = served.gateway
  metrics = stack.use(await Metrics.open({ version, hub, store, logStore, supervisor, gateway, masker, tracing }))
  const sources = stack.use(new SourceWatch(host.userHome, (id) => supervisor.sourceChanged(id)))
  const configuration = new Configuration(configFile, supervisor, sources, slugs)
  const conversions = new Conversions({ host, supervisor, configuration })
  const rules = stack.use(
    await openRules({ store, bus, ends, tasks, supervisor, desk, outbound, host, masker, startedAt, publish, raise }),
  )
  const secrets = new Secrets({ vault: host.vault, masker, specs: () => configFile.specs() })
  logs.keepEvery(settings.state.settings.log_pause_unlimited)
  await metrics.configure(settings.state.settings)
  settings.onChange = (state) => {
    publish({ type: 'settings.changed', settings: state })
    logs.keepEvery(state.settings.log_pause_unlimited)
    void metrics?.configure(state.settings)
  }

  const doctor = createDoctor({
    host,
    masker,
    consent,
    authorizerFor: (id, remote) => signIn.authorizerFor(id, remote),
    installId,
    registry,
    connections,
    supervisor,
    configuration,
    secrets,
    banners,
    searchPath: () => searchPath,
    url,
  })

  isUp = true
  await bringInForce({ configFile, configuration, masker, news })
  news.refreshAttention()
  tellLeftovers(lastLife.leftovers, { logs, raise })
  if (!isReadOnly) supervisor.restore()
  for (const rule of rules.views()) publish({ type: 'rule.changed', rule })
  if (!isReadOnly) rules.start()
  stack.use(new Retention({ store, logStore }))
  stack.use(watchChain(store, (found) => banners.set('chain', found)))

  const features: Features = {
    hub,
    bus,
    store,
    logStore,
    logs,
    supervisor,
    tasks,
    requests,
    callbacks,
    configuration,
    imports: createImports(host, () => configFile.specs(), url),
    custom: new CustomServers({ host, configuration, supervisor, masker }),
    connections,
    exported: exporter(() => configFile.specs(), url),
    secrets,
    signIn,
    masker,
    usage: watched.usage,
    conversions,
    clients,
    budget: served.budget,
    servedChanges: served.servedChanges,
    gateway: served.gateway,
    tray: bridge.tray,
    searchPath: { get: () => searchPath, detect: detectSearchPath },
    host,
    settings,
    limits,
    outbound,
    kept,
    desk,
    doctor,
    webhooks,
    metrics,
    rules,
    isReadOnly,
    noteNewSecret,
    logsOfTask: (id) => logsOfTask(id, { tasks, logs, logStore }),
  }
  if (!isReadOnly) webhooks.start()
  const owned = stack.move()
  return {
    host,
    hub,
    bus,
    masker,
    gateway: served.gateway,
    metrics,
    router: createRouter(features),
    finishSignIn: (query) => signIn.finish(query),
    webhooks,
    setUrl: (url) => publish({ type: 'url.changed', url }),
    afterSleep: () => supervisor.afterSleep(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }

  async function remoteOf(id: ServerId): Promise<RemoteSpec> {
    const remote = supervisor.spec(id)?.remote ?? null
    if (remote === null) throw new AppError('not_remote', `${id} is no remote server.`, { status: 409 })
    return fill(remote)
  }

  async function detectSearchPath(): Promise<SearchPath> {
    searchPath = await findSearchPath(host, { force: true })
    supervisor.setSearchPath(searchPathText(searchPath, platform))
    return searchPath
  }

  function noteNewSecret(name: string): ServerId[] {
    const running = staleSecrets.note(name, secrets.usersOf(name), supervisor.list())
    news.refreshAttention()
    return running
  }

  function openWebhooks(): Promise<Webhooks> {
    const report = (error: unknown, where: string) =>
      console.error(masker.text(`${where}: ${failureOf(error).message}`))
    return Webhooks.open({ store, vault: host.vault, masker, bus, publish, report })
  }

  function onUnwatched(error: unknown): void {
    const { message } = failureOf(error)
    raise({ severity: 'caution', server: null, task_id: null, title: 'Client files are not watched', message })
  }

  function onUnrecordedConsent(server: ServerId, error: unknown): void {
    const text = `what was agreed to holds until Signalbox ends; it could not be recorded: ${failureOf(error).message}`
    logs.write({ server, run_id: null, stream: 'supervisor', level: 'warn', text })
  }

  function onTaskChanged(task: TaskSummary, isNew: boolean): void {
    hub.taskChanged(task, isNew)
    facts.taskChanged(task)
    if (isFinished(task.status)) day.touch()
  }
}
