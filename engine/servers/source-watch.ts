import { existsSync, type FSWatcher, statSync, watch } from 'node:fs'
import { resolve } from 'node:path'
import type { ServerId } from '../../shared/ids.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { expandHome } from './platform-path.ts'

/** Milliseconds of quiet before a change counts: editors and compilers write in several steps. */
const settleMs = 300
/** How often a path that is not there, or whose watch broke, is looked for. */
const retryMs = 1_000

/** What tools write beside a source, and what nobody edits by hand. */
const notSource = /(?:^|[\\/])(?:node_modules|__pycache__|\.[^\\/]*|[^\\/]*~|4913)(?:[\\/]|$)/

/** Watches the sources that entries name under `signalbox.watch`, and tells whose has changed. */
export class SourceWatch implements Disposable {
  readonly #userHome: string
  readonly #onChange: (id: ServerId) => void
  readonly #watched = new Map<ServerId, { key: string; watches: DisposableStack }>()

  constructor(userHome: string, onChange: (id: ServerId) => void) {
    this.#userHome = userHome
    this.#onChange = onChange
  }

  /** From now on the sources of these are watched, and of no others. */
  follow(specs: readonly ServerSpec[]): void {
    const wanted = new Map(specs.map((spec) => [spec.id, this.#pathsOf(spec)]))
    for (const [id, { key, watches }] of this.#watched) {
      if (key === wanted.get(id)?.join('\n')) continue
      watches.dispose()
      this.#watched.delete(id)
    }
    for (const [id, paths] of wanted) {
      if (paths.length === 0 || this.#watched.has(id)) continue
      this.#watched.set(id, { key: paths.join('\n'), watches: this.#watch(id, paths) })
    }
  }

  [Symbol.dispose](): void {
    this.follow([])
  }

  #pathsOf({ launch, settings }: ServerSpec): string[] {
    // A placeholder in the folder is filled in at launch only; nothing is watched there.
    if (launch === null || settings.watch.length === 0 || launch.cwd?.includes('${')) return []
    const folder = resolve(this.#userHome, expandHome(launch.cwd ?? '', this.#userHome))
    return settings.watch.map((path) => resolve(folder, expandHome(path, this.#userHome)))
  }

  #watch(id: ServerId, paths: readonly string[]): DisposableStack {
    const stack = new DisposableStack()
    let timer: NodeJS.Timeout | undefined
    const changed = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => this.#onChange(id), settleMs)
    }
    stack.defer(() => clearTimeout(timer))
    for (const path of paths) stack.use(watchPath(path, changed))
    return stack
  }
}

/** A file, or a folder with all in it; one that is made later is watched from then on, and its making is a change. */
function watchPath(path: string, onChange: () => void): Disposable {
  let watcher: FSWatcher | null = null
  let retry: NodeJS.Timeout | undefined
  arm()
  return {
    [Symbol.dispose]() {
      clearTimeout(retry)
      watcher?.close()
    },
  }

  function arm(): void {
    watcher?.close()
    try {
      const isFile = statSync(path).isFile()
      watcher = watch(path, { recursive: !isFile, persistent: false }, (event, name) => {
        if (name !== null && notSource.test(name)) return
        onChange()
        // An editor may have put another file in its place, which this watch does not see.
        if (isFile && event === 'rename') arm()
      })
      watcher.on('error', waitForIt)
    } catch {
      // Not there now, or the system has no watches left: both may change.
      waitForIt()
    }
  }

  function waitForIt(): void {
    watcher?.close()
    clearTimeout(retry)
    retry = setTimeout(() => {
      if (existsSync(path)) onChange()
      arm()
    }, retryMs)
    retry.unref()
  }
}
