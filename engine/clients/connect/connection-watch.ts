import { watchFileForChange } from '../../config/watch-file.ts'
import type { Connections, WatchedPlace } from './connections.ts'

interface WatchOptions {
  readonly connections: Connections
  /** Told once each time that what we wrote stops standing as it was written. */
  readonly onDrift: (place: WatchedPlace) => void
  readonly onFailure: (error: unknown) => void
}

/** Milliseconds of quiet before a changed file is looked at: programs write in several steps, some all the time. */
const settleMs = 500

/** Keeps an eye on the files that hold our entry. */
export class ConnectionWatch implements Disposable {
  readonly #options: WatchOptions
  readonly #watchers = new Map<string, Disposable>()
  /** When what drifted had been written, by target: the same write is told once, until it is sound again. */
  readonly #told = new Map<string, string | undefined>()
  #timer: NodeJS.Timeout | null = null
  #isDisposed = false

  constructor(options: WatchOptions) {
    this.#options = options
    options.connections.onChange = () => this.#lookSoon(0)
    this.#lookSoon(0)
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
    for (const watched of places) {
      const { program, place } = watched
      const target = JSON.stringify([program, place.scope, place.folder])
      const at = place.written?.at
      const isTold = this.#told.has(target) && this.#told.get(target) === at
      if (place.state === 'drifted') this.#told.set(target, at)
      else this.#told.delete(target)
      if (place.state === 'drifted' && !isTold) this.#options.onDrift(watched)
    }
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
