import type { GaugeName } from '../../shared/metrics-contract.ts'
import type { GaugeSample, MetricsRepo } from '../store/metrics-repo.ts'

const minuteMs = 60_000

/**
 * Gathers what was sampled within a minute and has it stored when the next one begins, so that any number of samples
 * is one row a minute. A program that dies loses the minute that it was in.
 */
export class GaugeKeeper implements AsyncDisposable {
  readonly #repo: Pick<MetricsRepo, 'addGauges'>
  #minute = 0
  #samples = new Map<string, GaugeSample>()

  constructor(repo: Pick<MetricsRepo, 'addGauges'>) {
    this.#repo = repo
  }

  /** `server`: empty for the whole program. */
  add(atMs: number, name: GaugeName, server: string, value: number): void {
    const minute = Math.floor(atMs / minuteMs)
    if (minute !== this.#minute) {
      void this.flush()
      this.#minute = minute
    }
    const key = `${name} ${server}`
    const sample = this.#samples.get(key)
    if (sample === undefined) {
      this.#samples.set(key, { name, server, samples: 1, total: value, most: value })
      return
    }
    sample.samples += 1
    sample.total += value
    sample.most = Math.max(sample.most, value)
  }

  /** Stores what there is of the minute; more of it may follow. */
  async flush(): Promise<void> {
    if (this.#samples.size === 0) return
    const samples = [...this.#samples.values()]
    this.#samples = new Map()
    // A store that takes nothing tells so by its own banner, and a chart has a gap.
    await this.#repo.addGauges(this.#minute * 60, samples).catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
  }
}
