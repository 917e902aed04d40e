import type { MetricsStatus } from '../../shared/metrics-contract.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Snapshot } from '../../shared/snapshot.ts'
import type { TaskSummary } from '../../shared/task.ts'
import type { UsageSample } from '../../shared/usage.ts'
import { digestOf, matchesDigest, newSecret } from '../api/secret.ts'
import type { EventHub } from '../events/event-hub.ts'
import type { Gateway } from '../gateway/create-gateway.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import { metricsTokenKey } from '../store/setting-keys.ts'
import type { LogStore, Store } from '../store/store.ts'
import { GaugeKeeper } from './gauge-keeper.ts'
import { openTasks } from './open-tasks.ts'
import type { Prometheus } from './prometheus.ts'
import type { Tracing } from './tracing.ts'
import { WindowRetention } from './window-retention.ts'

interface Parts {
  readonly version: string
  readonly hub: EventHub
  readonly store: Store
  readonly logStore: LogStore
  readonly supervisor: Pick<Supervisor, 'list' | 'listing'>
  readonly gateway: Gateway
  readonly masker: Masker
  readonly tracing: Tracing
  /** Milliseconds between two samples of what the charts show. */
  readonly everyMs?: number
}

/** What the HTTP face asks of the metrics. */
export interface MetricsFace {
  /** Whether a token reads `/metrics`, and nothing else. */
  isMetricsToken(token: string): boolean
  /** In Prometheus's text format; null while it is switched off. */
  scrape(): Promise<string | null>
  noteRefusal(code: string): void
}

const sampleMs = 15_000
const hourMs = 3_600_000
/** Begins the token, so that scanners of leaked secrets know one when they see it. */
const tokenPrefix = 'sbm_'

/** What the program knows about how it fares: charts that are always kept, and `/metrics` where it is switched on. */
export class Metrics implements MetricsFace, AsyncDisposable {
  readonly #parts: Parts
  readonly #gauges: GaugeKeeper
  readonly #windows: WindowRetention
  readonly #timers: NodeJS.Timeout[]
  readonly #owned = new AsyncDisposableStack()
  #prometheus: Prometheus | null = null
  #isWanted = false
  #switching: Promise<void> = Promise.resolve()
  #tokenDigest: Buffer | null = null
  #usage: UsageSample | null = null

  private constructor(parts: Parts, tokenDigest: unknown, windows: WindowRetention) {
    this.#parts = parts
    this.#windows = windows
    this.#gauges = this.#owned.use(new GaugeKeeper(parts.store.metrics))
    if (typeof tokenDigest === 'string') this.#tokenDigest = Buffer.from(tokenDigest, 'hex')
    this.#owned.use(parts.hub.onTasks((tasks) => this.#count(tasks)))
    const isKept = parts.store.access === 'read_write'
    this.#timers = isKept
      ? [setInterval(() => this.#sample(), parts.everyMs ?? sampleMs), setInterval(() => void this.#prune(), hourMs)]
      : []
    for (const timer of this.#timers) timer.unref()
    if (!isKept) return
    this.#sample()
    // Now too: many a program never runs for an hour.
    void this.#prune()
  }

  static async open(parts: Parts): Promise<Metrics> {
    const { metrics: repo, settings } = parts.store
    return new Metrics(parts, await settings.get(metricsTokenKey), await WindowRetention.open({ repo, settings }))
  }

  get status(): MetricsStatus {
    return { is_on: this.#isWanted, has_token: this.#tokenDigest !== null, traces: this.#parts.tracing.status }
  }

  /** Resolves once both are as the settings say. */
  async configure(settings: Settings): Promise<void> {
    await Promise.all([this.#setEndpoint(settings.metrics_endpoint), this.#parts.tracing.configure(settings)])
  }

  /** Switches `/metrics`: its counts begin now, and end with it. */
  #setEndpoint(isOn: boolean): Promise<void> {
    this.#isWanted = isOn
    this.#switching = this.#switching.then(async () => {
      if (isOn === (this.#prometheus !== null)) return
      this.#prometheus = isOn ? await this.#newPrometheus() : null
      const observer = this.#prometheus
      const tell = observer && ((type: string, seconds: number) => observer.countQuery(type, seconds))
      this.#parts.store.observeQueries(tell)
      this.#parts.logStore.observeQueries(tell)
    })
    return this.#switching
  }

  async scrape(): Promise<string | null> {
    await this.#switching
    return this.#prometheus?.text() ?? null
  }

  isMetricsToken(token: string): boolean {
    return this.#tokenDigest !== null && token.startsWith(tokenPrefix) && matchesDigest(token, this.#tokenDigest)
  }

  noteRefusal(code: string): void {
    this.#prometheus?.countRefusal(code)
  }

  /** Told of each request to a service outside. */
  noteOutbound(service: string, endpoint: string): void {
    this.#prometheus?.countOutbound(service, endpoint)
  }

  /** Told of each look at the processes of servers. */
  noteUsage(sample: UsageSample): void {
    this.#usage = sample
    const atMs = Date.parse(sample.at)
    for (const { id, memory_mb, cpu_percent } of sample.servers) {
      this.#gauges.add(atMs, 'memory_mb', id, memory_mb)
      if (cpu_percent !== null) this.#gauges.add(atMs, 'cpu_percent', id, cpu_percent)
    }
  }

  /** Resolves once all that was sampled so far can be read from the store. */
  sampled(): Promise<void> {
    return this.#gauges.flush()
  }

  /** Resolves when every task that has ended is told to the collector, or that has failed. */
  async flushTraces(): Promise<void> {
    this.#takeNews()
    await this.#parts.tracing.flush()
  }

  async newToken(): Promise<string> {
    const token = tokenPrefix + newSecret()
    this.#parts.masker.learn([token])
    const digest = digestOf(token)
    await this.#parts.store.settings.set(metricsTokenKey, digest.toString('hex'))
    this.#tokenDigest = digest
    return token
  }

  /** Whether there was one. */
  async revokeToken(): Promise<boolean> {
    const had = this.#tokenDigest !== null
    // Closed first: a store that fails must not keep it good.
    this.#tokenDigest = null
    await this.#parts.store.settings.set(metricsTokenKey, null)
    return had
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#takeNews()
    await this.#owned.disposeAsync()
  }

  /** Whoever asks for the snapshot has the hub tell what has changed. */
  #takeNews(): Snapshot {
    return this.#parts.hub.snapshot
  }

  #count(tasks: readonly TaskSummary[]): void {
    this.#prometheus?.count(tasks)
    this.#parts.tracing.note(tasks)
  }

  #sample(): void {
    const { gateway } = this.#parts
    const atMs = Date.now()
    const { byStatus, ofGateway } = openTasks(this.#takeNews().running)
    const values = {
      tasks_queued: byStatus.queued,
      tasks_running: byStatus.running,
      tasks_waiting: byStatus.input_required,
      gateway_in_flight: ofGateway,
      gateway_sessions: gateway.endpoint.sessions.all.length,
      engine_memory_mb: process.memoryUsage.rss() / 2 ** 20,
    }
    for (const [name, value] of Object.entries(values)) this.#gauges.add(atMs, name as keyof typeof values, '', value)
  }

  async #prune(): Promise<void> {
    try {
      await this.#windows.prune()
    } catch {
      // The store tells its own troubles; what is too old can wait.
    }
  }

  async #newPrometheus(): Promise<Prometheus> {
    // Loaded by those only who want it.
    const { Prometheus } = await import('./prometheus.ts')
    const { version, store, logStore, supervisor, gateway } = this.#parts
    return new Prometheus({
      hasTool: (agent, action) => {
        // The steps of a rule are ours.
        if (agent.startsWith('rule:')) return true
        const listing = supervisor.listing(agent as Parameters<Supervisor['listing']>[0])
        return listing?.tools.some(({ name }) => name === action) ?? false
      },
      read: async () => {
        const [tasks, lines, logs] = await Promise.all([store.held(), logStore.held(), logStore.intake.totals()])
        const { running, approvals, questions } = this.#takeNews()
        return {
          version,
          servers: supervisor.list(),
          usage: this.#usage,
          tasks: openTasks(running),
          approvals: approvals.length,
          questions: questions.length,
          sessions: gateway.endpoint.sessions.all.length,
          logs,
          stores: [
            { store: 'tasks', bytes: tasks.bytes },
            { store: 'logs', bytes: lines.bytes },
          ],
          isDiskFull: store.disk.isFull,
        }
      },
    })
  }
}
