import type { MetricsRepo } from '../store/metrics-repo.ts'
import { metricsAgeKey } from '../store/setting-keys.ts'
import type { SettingsRepo } from '../store/store.ts'

interface Parts {
  readonly repo: Pick<MetricsRepo, 'prune'>
  readonly settings: Pick<SettingsRepo, 'get' | 'set'>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds that rise with the time that really passes. */
  readonly elapsed?: () => number
}

/** Windows of a minute serve ranges of up to a day, those of an hour all longer ones. */
const minutesKeptS = 2 * 86_400
const hoursKeptS = 92 * 86_400
const startMs = 3_600_000
/** Time in which nothing ran is caught up with at this pace. */
const pace = 2

/**
 * Removes windows that are too old. Age is not what the clock says alone: from one life of the program to the next it grows by an hour
 * at most, and then by no more than twice the time that it runs. So a clock that jumps ahead removes nothing that it should not have, and
 * one that is put right again finds what it had.
 */
export class WindowRetention {
  readonly #parts: Required<Parts>
  readonly #base: number
  readonly #began: number

  private constructor(parts: Required<Parts>, base: number) {
    this.#parts = parts
    this.#base = base
    this.#began = parts.elapsed()
  }

  static async open({ now = Date.now, elapsed = () => performance.now(), ...parts }: Parts): Promise<WindowRetention> {
    const reached = await parts.settings.get(metricsAgeKey)
    return new WindowRetention({ ...parts, now, elapsed }, typeof reached === 'number' ? reached + startMs : now())
  }

  /** @throws AppError what the store refuses. */
  async prune(): Promise<void> {
    const { repo, settings, now, elapsed } = this.#parts
    const today = Math.min(now(), this.#base + pace * (elapsed() - this.#began))
    const before = { minutesS: Math.floor(today / 1000) - minutesKeptS, hoursS: Math.floor(today / 1000) - hoursKeptS }
    while ((await repo.prune(before)) > 0);
    await settings.set(metricsAgeKey, today)
  }
}
