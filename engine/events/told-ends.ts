import { z } from 'zod'
import type { DomainEvent } from '../../shared/domain-event.ts'
import { toldEndsKey } from '../store/setting-keys.ts'
import type { SettingsRepo, Store } from '../store/store.ts'

interface Parts {
  readonly store: Pick<Store, 'access'> & { readonly settings: Pick<SettingsRepo, 'get' | 'set'> }
  readonly startedAt: string
  /** Between two writes. */
  readonly everyMs?: number
}

type End = Pick<DomainEvent, 'id' | 'at'>

/** What ended within so long before a death is told again at the next start, where no rule has a run of it. */
const defaultEveryMs = 5_000

/**
 * Up to when everybody who listens is through with the ends of tasks. Tasks are on record before they are told of, and what is told waits
 * in memory: by this the next life of the program knows which ends may have died with it.
 */
export class ToldEnds implements AsyncDisposable {
  readonly #parts: Parts
  /** Ends from then on may not have been told by the life before. */
  readonly since: string
  readonly #waiting = new Map<string, string>()
  #last: string
  #kept: string
  #timer: NodeJS.Timeout | null = null
  #isOver = false

  private constructor(parts: Parts, since: string) {
    this.#parts = parts
    this.since = since
    this.#last = since
    this.#kept = since
  }

  /** Where nothing is known of a life before, or its clock was ahead of ours, nothing of it is told. */
  static async open(parts: Parts): Promise<ToldEnds> {
    const { store, startedAt } = parts
    const read = z.iso.datetime().safeParse(await store.settings.get(toldEndsKey))
    if (read.success && read.data <= startedAt) return new ToldEnds(parts, read.data)
    if (store.access === 'read_write') await store.settings.set(toldEndsKey, startedAt)
    return new ToldEnds(parts, startedAt)
  }

  /** It is about to be told. */
  begin({ id, at }: End): void {
    this.#waiting.set(id, at)
    if (at > this.#last) this.#last = at
    if (this.#parts.store.access === 'read_only' || this.#isOver) return
    this.#timer ??= setTimeout(() => void this.#keep(), this.#parts.everyMs ?? defaultEveryMs).unref()
  }

  /** All who listen are through with it. What nobody could take is never through: the next start tells it again. */
  through({ id }: Pick<End, 'id'>): void {
    this.#waiting.delete(id)
  }

  /** What waits now stays untold for this life: whoever listens goes away next. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#isOver = true
    if (this.#parts.store.access === 'read_write') await this.#keep()
  }

  async #keep(): Promise<void> {
    this.#timer = null
    let mark = this.#last
    for (const at of this.#waiting.values()) if (at < mark) mark = at
    if (mark <= this.#kept) return
    this.#kept = mark
    // A store that takes nothing says so by its own banner; then more is told again.
    await this.#parts.store.settings.set(toldEndsKey, mark).catch(() => {})
  }
}
