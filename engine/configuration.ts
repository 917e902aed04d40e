import type { ServerId } from '../shared/ids.ts'
import type { ConfigFile } from './config/config-file.ts'
import type { SlugBook } from './gateway/slug-book.ts'
import type { SourceWatch } from './servers/source-watch.ts'
import type { Supervisor } from './servers/supervisor.ts'

export interface NewEntry {
  id: ServerId
  entry: Record<string, unknown>
}

/** Changes of `mcp.json` made here, each in force before it is answered. */
export class Configuration {
  readonly #file: ConfigFile
  readonly #supervisor: Supervisor
  readonly #sources: SourceWatch
  readonly #slugs: SlugBook

  constructor(file: ConfigFile, supervisor: Supervisor, sources: SourceWatch, slugs: SlugBook) {
    this.#file = file
    this.#supervisor = supervisor
    this.#sources = sources
    this.#slugs = slugs
  }

  entry(id: ServerId): Record<string, unknown> {
    return { ...this.#file.entry(id) }
  }

  /** Makes the running set equal to the file's. */
  async apply(): Promise<void> {
    const specs = this.#file.specs()
    await this.#supervisor.configure(specs)
    this.#sources.follow(specs)
    // Of a file that cannot be read nobody knows which servers it names.
    if (this.#file.status().problem !== null) return
    await this.#slugs.settle(specs.map(({ id, settings: { slug } }) => ({ id, slug })))
  }

  async save(id: ServerId, entry: Record<string, unknown>): Promise<void> {
    await this.#file.saveEntry(id, entry)
    await this.apply()
  }

  /** All or none. @throws AppError `server_exists` (409) where an id is taken by another entry. */
  async add(entries: readonly NewEntry[]): Promise<void> {
    await this.#file.addEntries(entries)
    await this.apply()
  }

  async remove(id: ServerId): Promise<void> {
    await this.#file.removeEntry(id)
    await this.apply()
  }
}
