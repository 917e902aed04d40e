import { mkdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { ConfigStatus } from '../../shared/snapshot.ts'
import { removeValue, setValue } from './edit-jsonc.ts'
import type { TextProblem } from './jsonc.ts'
import { keepLastGood } from './last-good.ts'
import { parseEntry } from './parse-entry.ts'
import { byteOrderMark, type ConfigReading, readConfig } from './read-config.ts'
import { readText, replaceFile } from './replace-file.ts'
import type { ServerSpec } from './server-spec.ts'
import { watchFileForChange } from './watch-file.ts'

export type Entry = Readonly<Record<string, unknown>>

/** `mcp.json`, live: what it says now, and edits in place that leave everything else in it as it is. */
export interface ConfigFile extends AsyncDisposable {
  /** In the order of the file; of the last text that could be read. */
  specs(): readonly ServerSpec[]
  status(): ConfigStatus
  /** The entry as it stands in the file; null when there is none. */
  entry(id: ServerId): Entry | null
  /** Adds or replaces one entry. Refused as `config_broken`, or with the code of what is wrong with the entry. */
  saveEntry(id: ServerId, entry: Entry): Promise<void>
  /** Adds all or none; an equal entry that is there already is left. Refused as `server_exists` when an id is taken. */
  addEntries(added: readonly { id: ServerId; entry: Entry }[]): Promise<void>
  /** Refused as `unknown_server` when there is no such entry. */
  removeEntry(id: ServerId): Promise<void>
}

interface ConfigFileOptions {
  /** Absolute; the file and its folder are made at the first edit. */
  path: string
  /** Where each text that could be read whole is kept, to go back to; nowhere unless given. */
  lastGood?: string
  /** Called after `specs()` or `status()` may have changed, by an edit here or by anybody else. */
  onChange(): void
}

/** Reads the file and keeps watching it. A file that cannot be read is a status, never an error here. */
export async function openConfigFile({ path, lastGood, onChange }: ConfigFileOptions): Promise<ConfigFile> {
  const file = new WatchedConfig(path, lastGood ?? null, onChange)
  await file.open()
  return file
}

/** Milliseconds of quiet before a changed file is read: editors write in several steps. */
const settleMs = 100
/** Milliseconds after which a file that never comes to rest is read all the same. */
const restlessMs = 1_000
/** Milliseconds before a file that is gone counts as gone: some editors delete and make anew. */
const missingMs = 400
const emptyFile = '{\n  "mcpServers": {}\n}\n'

type Source = { kind: 'text'; text: string | null } | { kind: 'unreadable'; message: string }

class WatchedConfig implements ConfigFile {
  readonly #path: string
  readonly #lastGood: string | null
  readonly #onChange: () => void
  #specs: readonly ServerSpec[] = []
  #problem: ConfigStatus['problem'] = null
  #revision = 0
  /** What the file held when it was last taken as settled. */
  #source: Source = { kind: 'text', text: null }
  /** What it held at the last look while it was bad; taken as settled when the next look finds the same. */
  #suspect: Source | null = null
  #timer: NodeJS.Timeout | null = null
  /** When the first change came that was not looked at yet, by the monotonic clock; null while there is none. */
  #signalledAt: number | null = null
  #watcher: Disposable | null = null
  #isDisposed = false
  /** Looks and edits run one after another. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(path: string, lastGood: string | null, onChange: () => void) {
    this.#path = path
    this.#lastGood = lastGood
    this.#onChange = onChange
  }

  async open(): Promise<void> {
    this.#watcher = watchFileForChange(this.#path, () => this.#lookIn(settleMs))
    await this.#take(await this.#read())
  }

  specs(): readonly ServerSpec[] {
    return this.#specs
  }

  status(): ConfigStatus {
    return { path: this.#path, revision: this.#revision, problem: this.#problem }
  }

  entry(id: ServerId): Entry | null {
    return this.#specs.find((spec) => spec.id === id)?.entry ?? null
  }

  async saveEntry(id: ServerId, entry: Entry): Promise<void> {
    assertUsable(id, entry)
    await this.#edit((text) => setValue(text, ['mcpServers', id], entry))
  }

  async addEntries(added: readonly { id: ServerId; entry: Entry }[]): Promise<void> {
    for (const { id, entry } of added) assertUsable(id, entry)
    await this.#edit((text, specs) => {
      const present = new Map<ServerId, Entry>(specs.map((spec) => [spec.id, spec.entry]))
      let result = text
      for (const { id, entry } of added) {
        const held = present.get(id)
        if (held && isDeepStrictEqual(held, entry)) continue
        if (held) throw serverExists(id)
        present.set(id, entry)
        result = setValue(result, ['mcpServers', id], entry)
      }
      return result
    })
  }

  removeEntry(id: ServerId): Promise<void> {
    return this.#edit((text, specs) => {
      if (!specs.some((spec) => spec.id === id)) throw unknownServer(id)
      return removeValue(text, ['mcpServers', id])
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#watcher?.[Symbol.dispose]()
    if (this.#timer) clearTimeout(this.#timer)
    await this.#turn
  }

  #edit(change: (text: string, specs: readonly ServerSpec[]) => string): Promise<void> {
    return this.#inTurn(async () => {
      const text = await this.#replace((before) => {
        const reading = readConfig(before ?? emptyFile)
        if (!reading.isEditable) throw configBroken(this.#path, reading)
        const mark = before?.startsWith(byteOrderMark) ? byteOrderMark : ''
        const body = reading.specs === null || before === null ? emptyFile : before.slice(mark.length)
        return mark + change(body, reading.specs ?? [])
      })
      await this.#take({ kind: 'text', text })
      this.#onChange()
    })
  }

  async #replace(change: (before: string | null) => string): Promise<string> {
    try {
      await mkdir(dirname(this.#path), { recursive: true })
      return await replaceFile(this.#path, change)
    } catch (cause) {
      if (cause instanceof AppError) throw cause
      const { code } = cause as NodeJS.ErrnoException
      if (code === undefined) throw cause
      const hint = `Make ${dirname(this.#path)} writable for you.`
      throw new AppError('config_unwritable', `Cannot write ${this.#path} (${code}).`, { hint, cause })
    }
  }

  #lookIn(ms: number): void {
    if (this.#isDisposed) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#signalledAt ??= performance.now()
    const latest = this.#signalledAt + restlessMs - performance.now()
    this.#timer = setTimeout(
      () => {
        this.#timer = null
        this.#signalledAt = null
        void this.#inTurn(() => this.#look())
      },
      Math.max(0, Math.min(ms, latest)),
    )
  }

  async #look(): Promise<void> {
    const source = await this.#read()
    if (this.#isDisposed || isSame(source, this.#source)) {
      this.#suspect = null
      return
    }
    const isWhole = source.kind === 'text' && source.text !== null && readConfig(source.text).problem === null
    if (isWhole || (this.#suspect && isSame(source, this.#suspect))) {
      this.#suspect = null
      await this.#take(source)
      this.#onChange()
      return
    }
    this.#suspect = source
    this.#lookIn(source.kind === 'text' && source.text === null ? missingMs : settleMs)
  }

  async #read(): Promise<Source> {
    try {
      return { kind: 'text', text: await readText(this.#path) }
    } catch (error) {
      return { kind: 'unreadable', message: error instanceof Error ? error.message : String(error) }
    }
  }

  async #take(source: Source): Promise<void> {
    this.#source = source
    this.#revision += 1
    if (source.kind === 'unreadable') {
      this.#problem = this.#since({ message: source.message, line: 1, column: 1 })
    } else if (source.text === null) {
      this.#specs = []
      this.#problem = null
    } else {
      const { specs, problem } = readConfig(source.text)
      if (specs) this.#specs = specs
      this.#problem = problem && this.#since(problem)
      // A copy that cannot be kept is no reason to refuse a good text.
      if (problem === null && this.#lastGood !== null) await keepLastGood(this.#lastGood, source.text).catch(() => {})
    }
  }

  /** A file that is bad all the time was bad since the first look. */
  #since(problem: TextProblem): ConfigStatus['problem'] {
    return { ...problem, since: this.#problem?.since ?? new Date().toISOString() }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    // The caller gets the failure; the next in turn must not.
    this.#turn = result.catch(() => {})
    return result
  }
}

function isSame(a: Source, b: Source): boolean {
  if (a.kind === 'text') return b.kind === 'text' && a.text === b.text
  return b.kind === 'unreadable' && a.message === b.message
}

function assertUsable(id: ServerId, entry: Entry): void {
  const { problem } = parseEntry(id, 1, entry)
  if (problem) throw new AppError(problem.code, problem.message, { hint: 'Correct the entry.', status: 422 })
}

function configBroken(path: string, { problem }: ConfigReading): AppError {
  const { line, column, message } = problem!
  return new AppError(
    'config_broken',
    `${basename(path)} has an error at line ${line}, column ${column}: ${message}. Nothing was written.`,
    { hint: `Correct line ${line} of ${path}.`, status: 409, data: { line, column } },
  )
}

function serverExists(id: ServerId): AppError {
  return new AppError('server_exists', `There is a server "${id}" already.`, {
    hint: 'Choose another name.',
    status: 409,
  })
}

function unknownServer(id: ServerId): AppError {
  return new AppError('unknown_server', `There is no server "${id}".`, { hint: 'List the servers.', status: 404 })
}
