import { z } from 'zod'
import { outboundPausesKey } from '../store/setting-keys.ts'
import type { SettingsRepo } from '../store/store.ts'
import { longestPauseMs } from './told-pause.ts'

interface Parts {
  readonly settings: Pick<SettingsRepo, 'get' | 'set'>
  /** A home that is only read keeps none. */
  readonly isReadOnly: boolean
  readonly now?: () => number
}

/** By the name of a lane: milliseconds since 1970. */
const keptSchema = z.record(z.string(), z.number())

/** Shorter ones are over before a program has started again. */
const leastMs = 5_000
const mostKept = 200

/**
 * Until when services asked to be left in peace: it stands in the store, so that a restart does not call a service that has just asked for
 * an hour of rest. One that stands there is never longer than a service may ask for, whatever the clock was when it was written.
 */
export class KeptPauses implements AsyncDisposable {
  readonly #parts: Required<Parts>
  readonly #until: Map<string, number>
  #writing: Promise<void> = Promise.resolve()

  private constructor(parts: Required<Parts>, until: Map<string, number>) {
    this.#parts = parts
    this.#until = until
  }

  /** What stands in the store and is none counts as none. */
  static async open({ now = Date.now, ...parts }: Parts): Promise<KeptPauses> {
    const read = keptSchema.safeParse(await parts.settings.get(outboundPausesKey))
    const latest = now() + longestPauseMs
    const known = Object.entries(read.success ? read.data : {}).map(
      ([name, at]) => [name, Math.min(at, latest)] as const,
    )
    return new KeptPauses({ ...parts, now }, new Map(known))
  }

  /** 0 where there is none. */
  untilMs(lane: string): number {
    return this.#until.get(lane) ?? 0
  }

  note(lane: string, untilMs: number): void {
    const now = this.#parts.now()
    if (this.#parts.isReadOnly || untilMs - now < leastMs || untilMs <= this.untilMs(lane)) return
    this.#until.set(lane, untilMs)
    for (const [name, at] of this.#until) if (at <= now) this.#until.delete(name)
    const kept = [...this.#until].sort(([, a], [, b]) => b - a).slice(0, mostKept)
    // A store that takes nothing says so by its own banner; the pause holds for this life all the same.
    const write = (): Promise<void> =>
      this.#parts.settings.set(outboundPausesKey, Object.fromEntries(kept)).catch(() => {})
    this.#writing = this.#writing.then(write)
  }

  /** Resolves once what was noted is in the store. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
  }
}
