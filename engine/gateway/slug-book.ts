import { z } from 'zod'
import type { SettingsRepo } from '../store/store.ts'
import { slugsOf } from './names.ts'

const key = 'server_slugs'
const heldSchema = z.record(z.string(), z.string())

interface Sluggable {
  readonly id: string
  readonly slug: string | null
}

/** Which server has which slug, kept so that a name never comes to mean another server's tool, over restarts too. */
export class SlugBook {
  readonly #settings: SettingsRepo
  readonly #isReadOnly: boolean
  readonly #listeners = new Set<() => void>()
  #held: ReadonlyMap<string, string>

  private constructor(settings: SettingsRepo, isReadOnly: boolean, held: ReadonlyMap<string, string>) {
    this.#settings = settings
    this.#isReadOnly = isReadOnly
    this.#held = held
  }

  static async open(settings: SettingsRepo, isReadOnly: boolean): Promise<SlugBook> {
    const read = heldSchema.safeParse(await settings.get(key))
    return new SlugBook(settings, isReadOnly, new Map(Object.entries(read.success ? read.data : {})))
  }

  /** A slug for each of these; what others hold is not theirs. */
  of(servers: readonly Sluggable[]): ReadonlyMap<string, string> {
    return slugsOf(servers, this.#held)
  }

  /** Told when all servers hold their slugs: some may have another one than before. */
  onSettled(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** After a change of the configuration: these are all servers. They hold their slugs from now on, others none. */
  async settle(servers: readonly Sluggable[]): Promise<void> {
    const ids = new Set(servers.map(({ id }) => id))
    const kept = new Map([...this.#held].filter(([id]) => ids.has(id)))
    const held = slugsOf(servers, kept)
    const isSame = held.size === this.#held.size && [...held].every(([id, slug]) => this.#held.get(id) === slug)
    this.#held = held
    for (const listener of this.#listeners) listener()
    if (!isSame && !this.#isReadOnly) await this.#settings.set(key, Object.fromEntries(held))
  }
}
