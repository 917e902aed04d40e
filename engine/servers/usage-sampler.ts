import type { ServerId } from '../../shared/ids.ts'
import { type ServerUsage, type UsageSample, withSamples } from '../../shared/usage.ts'
import type { MeasuredServer } from './memory-watch.ts'
import type { OverLimit } from './over-limit.ts'
import { type ProcessUsage, usageOfTrees } from './process-usage.ts'
import type { Supervisor } from './supervisor.ts'

/** A local server with a process. */
export interface SampledServer {
  readonly id: ServerId
  readonly pid: number
  /** Megabytes that it may use; null: any. */
  readonly limitMb: number | null
  /** Percent of a core that it may use for long; null: any. */
  readonly limitPercent: number | null
}

interface SamplerOptions {
  readonly platform: NodeJS.Platform
  servers(): readonly SampledServer[]
  /** Told with each look from then on. */
  onOverLimit(id: ServerId, over: OverLimit): void
  /** Told of each look. */
  onMeasured?(servers: readonly MeasuredServer[]): void
  /** Milliseconds between two samples. */
  readonly everyMs?: number
  /** Milliseconds that a server may use more processor time than its limit before it counts. */
  readonly cpuMercyMs?: number
}

/** The servers that have a process now. */
export function sampledServers(supervisor: Pick<Supervisor, 'list' | 'spec'>): SampledServer[] {
  return supervisor.list().flatMap(({ id, pid }) => {
    const settings = supervisor.spec(id)?.settings
    const [limitMb, limitPercent] = [settings?.memoryLimitMb ?? null, settings?.cpuLimitPercent ?? null]
    return pid === null ? [] : [{ id, pid, limitMb, limitPercent }]
  })
}

/** Where nobody looks, one look in so many is enough to see memory grow. */
const idleEvery = 12

/**
 * Samples what the processes of servers use, each time where anybody looks or a server has a limit, and now and then
 * otherwise: a look at a hundred processes costs milliseconds that nobody should pay for nothing.
 */
export class UsageSampler implements Disposable {
  readonly #options: SamplerOptions
  readonly #timer: NodeJS.Timeout
  readonly #readers = new Set<(sample: UsageSample) => void>()
  #samples: UsageSample[] = []
  /** Processor time of each process at the last sample, by pid and start. */
  #before: { atMs: number; cpuMs: ReadonlyMap<string, number> } | null = null
  #sampling: Promise<void> | null = null
  #ticks = 0
  /** Since when a process has used more of a core than it may, by pid. */
  readonly #busySince = new Map<number, number>()

  constructor(options: SamplerOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#tick(), options.everyMs ?? 5000)
    this.#timer.unref()
  }

  /** The last ten minutes, as far as anybody looked, oldest first. */
  get samples(): readonly UsageSample[] {
    return this.#samples
  }

  /** What is known at once, then each sample as it is taken, until the signal fires. */
  async *follow(signal: AbortSignal): AsyncGenerator<{ samples: UsageSample[] }, void> {
    let waiting: UsageSample[] = [...this.#samples]
    let wake = Promise.withResolvers<void>()
    const take = (sample: UsageSample): void => {
      waiting.push(sample)
      wake.resolve()
    }
    const end = (): void => wake.resolve()
    this.#readers.add(take)
    signal.addEventListener('abort', end)
    try {
      void this.#sample()
      while (!signal.aborted) {
        const samples = waiting
        waiting = []
        if (samples.length > 0) yield { samples }
        if (waiting.length === 0) await wake.promise
        wake = Promise.withResolvers<void>()
      }
    } finally {
      this.#readers.delete(take)
      signal.removeEventListener('abort', end)
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #tick(): Promise<void> {
    const isLimited = this.#options
      .servers()
      .some(({ limitMb, limitPercent }) => limitMb !== null || limitPercent !== null)
    this.#ticks += 1
    if (this.#readers.size > 0 || isLimited) return this.#sample()
    if (this.#ticks % idleEvery === 0) await this.#sample()
  }

  /** One at a time: whoever asks meanwhile waits for the one that runs. */
  #sample(): Promise<void> {
    this.#sampling ??= this.#look().finally(() => {
      this.#sampling = null
    })
    return this.#sampling
  }

  async #look(): Promise<void> {
    const { platform, servers } = this.#options
    const looked = servers()
    let trees: Map<number, ProcessUsage[]>
    try {
      trees = await usageOfTrees(
        looked.map(({ pid }) => pid),
        platform,
      )
    } catch {
      // A system without the means shows no numbers, which the page says by a dash.
      return
    }
    const atMs = performance.now()
    const measured = looked.flatMap(({ id, pid }) => {
      const tree = trees.get(pid) ?? []
      return tree.length === 0 ? [] : [this.#usageOf(id, tree, atMs)]
    })
    const all = [...trees.values()].flat()
    this.#before = { atMs, cpuMs: new Map(all.map((usage) => [keyOf(usage), usage.cpuMs])) }
    const sample = { at: new Date().toISOString(), servers: measured }
    this.#samples = withSamples(this.#samples, [sample])
    for (const take of this.#readers) take(sample)
    const used = new Map(measured.map(({ id, memory_mb }) => [id, memory_mb]))
    this.#options.onMeasured?.(looked.map((server) => ({ ...server, usedMb: used.get(server.id) ?? 0 })))
    this.#judge(looked, measured, atMs)
  }

  #judge(looked: readonly SampledServer[], measured: readonly ServerUsage[], atMs: number): void {
    const { onOverLimit, cpuMercyMs = 30_000 } = this.#options
    const usages = new Map(measured.map((usage) => [usage.id, usage]))
    const busy = new Set<number>()
    for (const { id, pid, limitMb, limitPercent } of looked) {
      const { memory_mb: usedMb, cpu_percent } = usages.get(id) ?? { memory_mb: 0, cpu_percent: null }
      if (limitMb !== null && usedMb > limitMb) onOverLimit(id, { kind: 'memory', usedMb, limitMb })
      const usedPercent = cpu_percent ?? 0
      if (limitPercent === null || usedPercent <= limitPercent) continue
      busy.add(pid)
      const sinceMs = this.#busySince.get(pid) ?? atMs
      this.#busySince.set(pid, sinceMs)
      const forMs = atMs - sinceMs
      if (forMs >= cpuMercyMs) onOverLimit(id, { kind: 'cpu', usedPercent, limitPercent, forMs })
    }
    for (const pid of this.#busySince.keys()) if (!busy.has(pid)) this.#busySince.delete(pid)
  }

  #usageOf(id: ServerId, tree: readonly ProcessUsage[], atMs: number): ServerUsage {
    const before = this.#before
    const bytes = tree.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
    // A process seen for the first time counts from the next look on.
    const usedMs = tree.reduce((sum, one) => sum + one.cpuMs - (before?.cpuMs.get(keyOf(one)) ?? one.cpuMs), 0)
    return {
      id,
      cpu_percent: before === null ? null : round((usedMs / (atMs - before.atMs)) * 100),
      memory_mb: round(bytes / 2 ** 20),
      processes: tree.length,
    }
  }
}

function keyOf({ pid, startedAt }: ProcessUsage): string {
  return `${pid} ${startedAt}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
