import { type FSWatcher, watch } from 'node:fs'
import { glob, stat } from 'node:fs/promises'
import { basename, dirname, join, matchesGlob, sep } from 'node:path'
import type { Failure } from '../../../shared/app-error.ts'
import type { Rule, TriggerOf } from '../../../shared/rule.ts'
import type { EventBus } from '../../events/event-bus.ts'
import type { Trigger } from './trigger.ts'

/** A place that is not there is looked for this often; also how often what is watched is looked through for what got by. */
const lookMs = 5_000
/** Files that are remembered, and changes that wait for their file to rest. */
const mostFiles = 20_000

/** Says which files under a path were made, changed or removed, once each has come to rest. */
export class FileTrigger implements Trigger {
  readonly #rule: Rule
  readonly #trigger: TriggerOf<'file'>
  readonly #bus: EventBus
  readonly #onChange: () => void
  readonly #resting = new Map<string, NodeJS.Timeout>()
  /** What is there, by its signature. Null until it was looked through once: what was there before is no event. */
  #known: Map<string, string> | null = null
  #watcher: FSWatcher | null = null
  #looking: Promise<void> = Promise.resolve()
  readonly #timer: NodeJS.Timeout
  #isOver = false
  problem: Failure | null = null
  readonly nextDue = null

  constructor(rule: Rule, trigger: TriggerOf<'file'>, bus: EventBus, onChange: () => void) {
    this.#rule = rule
    this.#trigger = trigger
    this.#bus = bus
    this.#onChange = onChange
    this.#timer = setInterval(() => this.look(), lookMs)
    this.#timer.unref()
    this.look()
  }

  /** Resolves once what is there is known: from then on each change is one. */
  get watching(): Promise<void> {
    return this.#looking
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    clearInterval(this.#timer)
    this.#watcher?.close()
    for (const timer of this.#resting.values()) clearTimeout(timer)
    this.#resting.clear()
    await this.#looking
  }

  /** Finds what changed without an event. */
  look(): void {
    this.#looking = this.#looking.then(() => this.#lookNow())
  }

  async #lookNow(): Promise<void> {
    if (this.#isOver) return
    const place = await placeOf(this.#trigger.path)
    if (place === null) {
      this.#setProblem({
        code: 'path_missing',
        message: `The folder of ${this.#trigger.path} is not there.`,
        hint: 'Make it; it is watched within seconds.',
      })
      this.#watcher?.close()
      this.#watcher = null
      return
    }
    // The watch stands before the look: what happens in between is seen by one of them.
    this.#watcher ??= this.#watch(place)
    const found = await filesOf(place)
    if (this.#isOver) return
    if (found === null) {
      this.#setProblem({
        code: 'too_many_files',
        message: `${this.#trigger.path} matches more than ${mostFiles} files.`,
        hint: 'Name a smaller part.',
      })
      return
    }
    this.#setProblem(null)
    if (this.#known === null) {
      this.#known = found
      return
    }
    for (const [path, signature] of found) if (this.#known.get(path) !== signature) this.#touch(path)
    for (const path of this.#known.keys()) if (!found.has(path)) this.#touch(path)
  }

  #watch(place: Place): FSWatcher | null {
    try {
      const watcher = watch(place.folder, { persistent: false, recursive: place.isDeep }, (_, name) => {
        const path = name === null ? null : join(place.folder, name)
        if (path === null) this.look()
        else if (place.matches(path)) this.#touch(path)
      })
      // Without its events the look every few seconds still finds each change.
      watcher.on('error', () => {
        watcher.close()
        this.#watcher = null
      })
      return watcher
    } catch {
      // No watches left on this system, or the folder has just gone: looking is enough.
      return null
    }
  }

  /** Its file changes, and is looked at when it rests. */
  #touch(path: string): void {
    const before = this.#resting.get(path)
    if (before === undefined && this.#resting.size >= mostFiles) return
    clearTimeout(before)
    const timer = setTimeout(() => {
      this.#resting.delete(path)
      void this.#settle(path)
    }, this.#trigger.debounce_ms)
    timer.unref()
    this.#resting.set(path, timer)
  }

  async #settle(path: string): Promise<void> {
    const now = await signatureOf(path)
    const known = this.#known
    // Touched before the first look was through: what was there then is not known to have changed.
    if (this.#isOver || known === null || this.#resting.has(path)) return
    const before = known.get(path)
    if (now?.text === before) return
    if (now === null) known.delete(path)
    else known.set(path, now.text)
    const change = now === null ? 'removed' : before === undefined ? 'created' : 'changed'
    if (!this.#trigger.changes.includes(change)) return
    this.#bus.publish('file.changed', { rule: this.#rule.id, path, change, size: now?.size ?? null })
  }

  #setProblem(problem: Failure | null): void {
    if (this.problem?.code === problem?.code) return
    this.problem = problem
    this.#onChange()
  }
}

/** Where to watch, and what there counts. */
interface Place {
  readonly folder: string
  readonly isDeep: boolean
  /** For `glob`, below the folder. */
  readonly pattern: string
  matches(path: string): boolean
}

/** A file, the files of a folder, or what a pattern matches; null while its folder is not there. */
async function placeOf(path: string): Promise<Place | null> {
  const parts = path.split(sep)
  const first = parts.findIndex((part) => /[*?[{]/.test(part))
  if (first < 0) {
    if (await isFolder(path)) {
      return { folder: path, isDeep: false, pattern: '*', matches: (found) => dirname(found) === path }
    }
    const folder = dirname(path)
    if (!(await isFolder(folder))) return null
    return { folder, isDeep: false, pattern: basename(path), matches: (found) => found === path }
  }
  const folder = parts.slice(0, first).join(sep) || sep
  if (!(await isFolder(folder))) return null
  const isDeep = first < parts.length - 1 || path.includes('**')
  return { folder, isDeep, pattern: parts.slice(first).join(sep), matches: (found) => matchesGlob(found, path) }
}

async function isFolder(path: string): Promise<boolean> {
  // Gone or out of reach: no folder to watch.
  const stats = await stat(path).catch(() => null)
  return stats?.isDirectory() ?? false
}

/** Null where there are too many. */
async function filesOf({ folder, pattern }: Place): Promise<Map<string, string> | null> {
  const found = new Map<string, string>()
  for await (const name of glob(pattern, { cwd: folder })) {
    const path = join(folder, name)
    const signature = await signatureOf(path)
    if (signature !== null) found.set(path, signature.text)
    if (found.size > mostFiles) return null
  }
  return found
}

/** Null for what is no file, or is gone. */
async function signatureOf(path: string): Promise<{ text: string; size: number } | null> {
  const stats = await stat(path).catch(() => null)
  if (stats === null || !stats.isFile()) return null
  const { ino, size, mtimeMs } = stats
  return { text: `${ino} ${size} ${mtimeMs}`, size }
}
