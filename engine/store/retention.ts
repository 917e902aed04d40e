import { defaultSettings, type Settings } from '../../shared/settings.ts'
import type { LogStore, SettingsRepo, Store } from './store.ts'

/** The limits among the settings. */
const limitKeys = [
  'retention_task_days',
  'retention_task_count',
  'retention_task_bytes',
  'retention_log_days',
  'retention_log_count',
  'retention_log_bytes',
] as const

type Limits = Pick<Settings, (typeof limitKeys)[number]>

interface Parts {
  store: Pick<Store, 'prune' | 'settings' | 'access'>
  logStore: Pick<LogStore, 'prune'>
  /** Milliseconds since 1970. */
  now?: () => number
  /** Milliseconds that rise with the time that really passes. */
  elapsed?: () => number
}

const dayMs = 24 * 3600 * 1000
const roundMs = 60_000
/** Between two steps others have the store. */
const pauseMs = 50

/**
 * Removes, oldest first and in small steps, what is older or more than the settings allow. A clock that jumps ahead
 * removes nothing: the age of things grows by no more than the time that has passed since the start.
 */
export class Retention implements Disposable {
  readonly #parts: Required<Parts>
  readonly #startedAt: number
  readonly #startedElapsed: number
  #timer: NodeJS.Timeout | null = null
  #isEnded = false

  constructor({ now = Date.now, elapsed = () => performance.now(), ...parts }: Parts) {
    this.#parts = { ...parts, now, elapsed }
    this.#startedAt = now()
    this.#startedElapsed = elapsed()
    if (parts.store.access === 'read_write') this.#again(roundMs)
  }

  /** One step of each store; whether there is more to remove. */
  async step(): Promise<boolean> {
    const { store, logStore, now, elapsed } = this.#parts
    const limits = await limitsOf(store.settings)
    const passed = elapsed() - this.#startedElapsed
    const today = Math.min(now(), this.#startedAt + passed + dayMs)
    const before = (days: number): string => new Date(today - days * dayMs).toISOString()
    const tasks = await store.prune({
      before: before(limits.retention_task_days),
      keep: limits.retention_task_count,
      keepBytes: limits.retention_task_bytes,
    })
    const lines = await logStore.prune({
      before: before(limits.retention_log_days),
      keep: limits.retention_log_count,
      keepBytes: limits.retention_log_bytes,
    })
    return tasks + lines > 0
  }

  [Symbol.dispose](): void {
    this.#isEnded = true
    if (this.#timer) clearTimeout(this.#timer)
  }

  #again(ms: number): void {
    if (this.#isEnded) return
    this.#timer = setTimeout(() => void this.#round(), ms)
    this.#timer.unref()
  }

  async #round(): Promise<void> {
    try {
      this.#again((await this.step()) ? pauseMs : roundMs)
    } catch {
      // The store tells its own troubles; what is too old can wait.
      this.#again(roundMs)
    }
  }
}

async function limitsOf(settings: Pick<SettingsRepo, 'get'>): Promise<Limits> {
  const limits: Limits = { ...defaultSettings }
  for (const key of limitKeys) {
    const value = await settings.get(key)
    if (typeof value === 'number' && value > 0) limits[key] = value
  }
  return limits
}
