import type { ClientId, ClientSighting } from '../../../shared/client.ts'
import type { KeptSighting } from '../../store/store.ts'

interface Parts {
  /** What was seen before this life of the program. */
  known: Iterable<readonly [ClientId, ClientSighting]>
  /** Writes what changed; at most once a second. */
  keep(sightings: KeptSighting[]): Promise<void>
  /** Told with each write, before it. */
  onSeen(id: ClientId): void
}

const pauseMs = 1_000

/**
 * What clients have said and been served. Noted in memory on the hot path; told and written in one go at most once a
 * second, the first time at once.
 */
export class SightingKeeper implements AsyncDisposable {
  readonly #parts: Parts
  readonly #seen: Map<ClientId, ClientSighting>
  readonly #changed = new Set<ClientId>()
  #next: NodeJS.Timeout | null = null
  #written: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#seen = new Map(parts.known)
  }

  of(id: ClientId): ClientSighting | null {
    return this.#seen.get(id) ?? null
  }

  note(id: ClientId, facts: Pick<ClientSighting, 'era' | 'protocol_version' | 'implementation'>): void {
    const { era, protocol_version, implementation } = facts
    const now = new Date().toISOString()
    const first = { first_at: now, tools_served: null, listed_at: null, last_call_at: null }
    this.#set(id, { ...first, ...this.#seen.get(id), era, protocol_version, implementation, last_at: now })
  }

  served(id: ClientId, tools: number): void {
    this.#patch(id, { tools_served: tools, listed_at: new Date().toISOString() })
  }

  called(id: ClientId): void {
    const now = new Date().toISOString()
    this.#patch(id, { last_call_at: now, last_at: now })
  }

  forget(id: ClientId): void {
    this.#seen.delete(id)
    this.#changed.delete(id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#next !== null) clearTimeout(this.#next)
    this.#flush()
    await this.#written
  }

  #patch(id: ClientId, facts: Partial<ClientSighting>): void {
    const seen = this.#seen.get(id)
    if (seen !== undefined) this.#set(id, { ...seen, ...facts })
  }

  #set(id: ClientId, seen: ClientSighting): void {
    this.#seen.set(id, seen)
    this.#changed.add(id)
    this.#next ??= setTimeout(() => this.#tick(), 0)
  }

  #tick(): void {
    this.#next = null
    if (this.#changed.size === 0) return
    this.#flush()
    this.#next = setTimeout(() => this.#tick(), pauseMs)
    this.#next.unref()
  }

  #flush(): void {
    const ids = [...this.#changed]
    this.#changed.clear()
    if (ids.length === 0) return
    for (const id of ids) this.#parts.onSeen(id)
    const sightings = ids.flatMap((id) => {
      const seen = this.#seen.get(id)
      return seen === undefined ? [] : [{ id, seen }]
    })
    // A sighting is whole each time, so the next one makes up for what a full disk refused.
    this.#written = Promise.all([this.#written, this.#parts.keep(sightings).catch(() => {})])
  }
}
