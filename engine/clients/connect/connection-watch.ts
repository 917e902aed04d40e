import type { AttentionItem } from '../../../shared/snapshot.ts'
import { watchFileForChange } from '../../config/watch-file.ts'
import type { Connections, WatchedPlace } from './connections.ts'

interface WatchOptions {
  readonly connections: Connections
  /** Told when `items` are others than before. */
  readonly onChange: () => void
  readonly onFailure: (error: unknown) => void
}

/** Milliseconds of quiet before a changed file is looked at: programs write in several steps, some all the time. */
const settleMs = 500

/** Keeps an eye on the files that hold our entry. */
export class ConnectionWatch implements Disposable {
  readonly #options: WatchOptions
  readonly #watchers = new Map<string, Disposable>()
  #items: readonly AttentionItem[] = []
  #timer: NodeJS.Timeout | null = null
  #isDisposed = false

  constructor(options: WatchOptions) {
    this.#options = options
    options.connections.onChange = () => this.#lookSoon(0)
    this.#lookSoon(0)
  }

  /** The files in which what we wrote no longer stands as it was written. */
  get items(): readonly AttentionItem[] {
    return this.#items
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const watcher of this.#watchers.values()) watcher[Symbol.dispose]()
  }

  #lookSoon(afterMs: number): void {
    if (this.#isDisposed) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look().catch(this.#options.onFailure), afterMs)
  }

  async #look(): Promise<void> {
    const places = await this.#options.connections.written()
    if (this.#isDisposed) return
    this.#watchOnly(new Set(places.map(({ place }) => place.path)))
    const before = this.#items
    this.#items = places.flatMap((watched) => itemOf(watched, before))
    if (JSON.stringify(this.#items) !== JSON.stringify(before)) this.#options.onChange()
  }

  #watchOnly(paths: ReadonlySet<string>): void {
    for (const [path, watcher] of this.#watchers) {
      if (paths.has(path)) continue
      watcher[Symbol.dispose]()
      this.#watchers.delete(path)
    }
    for (const path of paths) {
      if (this.#watchers.has(path)) continue
      this.#watchers.set(
        path,
        watchFileForChange(path, () => this.#lookSoon(settleMs)),
      )
    }
  }
}

function itemOf({ program, name, place }: WatchedPlace, before: readonly AttentionItem[]): AttentionItem[] {
  if (place.state !== 'drifted' || place.drift === null) return []
  const id = `client-file:${JSON.stringify([program, place.scope, place.folder])}`
  return [
    {
      id,
      severity: 'caution',
      server: null,
      task_id: null,
      state: null,
      title: 'Client file changed.',
      message: `${name} may not lead here any more. ${place.drift.message}`,
      code: 'client_file_drifted',
      since: before.find((item) => item.id === id)?.since ?? new Date().toISOString(),
      action: { kind: 'open_clients', label: 'See the client' },
    },
  ]
}
