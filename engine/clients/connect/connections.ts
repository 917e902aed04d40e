import { rm } from 'node:fs/promises'
import { AppError } from '../../../shared/app-error.ts'
import type {
  ConnectPlace,
  ConnectPreview,
  ConnectProgram,
  ConnectRequest,
  ConnectTarget,
} from '../../../shared/connect-contract.ts'
import type { ServerSpec } from '../../config/server-spec.ts'
import type { Host } from '../../host.ts'
import { usualPort } from '../own-gateway.ts'
import { type KnownProgram, knownPrograms } from '../programs.ts'
import { ClientDisk, fileChanged, hashOf, keepBytes, refusal } from './client-disk.ts'
import { knownProgram, type PlacePlan, projectPlaces } from './connect-places.ts'
import { type Connection, ConnectionBook, type KeptBytes } from './connection-book.ts'
import { connectionWarnings } from './connection-warnings.ts'
import { entryTextIn, renderEntry } from './edit-text.ts'
import { type Launcher, launcherOf } from './launcher.ts'
import { hunksBetween } from './line-diff.ts'
import { backupPath, PlaceFinder } from './place-finder.ts'
import { entryHash, type PlaceReading } from './place-reading.ts'
import { type PlaceFacts, placeState } from './place-state.ts'
import { planConnection } from './plan-connection.ts'
import { programEntries } from './program-entries.ts'
import { undoEntry, whatChanged } from './undo-connection.ts'

interface ConnectionsOptions {
  readonly host: Pick<Host, 'home' | 'userHome' | 'platform' | 'env' | 'node' | 'cli'>
  /** Servers that calls reach now. */
  readonly served: () => readonly ServerSpec[]
  /** Base address of the HTTP face, without a slash at its end; null while there is none. */
  readonly url: () => string | null
  /** Of another machine's files, in tests. */
  readonly disk?: ClientDisk
}

type WriteRequest = ConnectRequest & { before_hash: string | null; after_hash: string }

/** A place that holds, or held, what we wrote. */
export interface WatchedPlace {
  readonly program: ConnectTarget['program']
  readonly name: string
  readonly place: ConnectPlace
}

type Answer = { place: ConnectPlace; restart: string }

/**
 * Our entry in other programs' files: looked at, previewed, written and taken back. Nothing is written that was not
 * shown before, and what stood there is kept in `<home>/backups/clients`.
 */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #disk: ClientDisk
  readonly #book: ConnectionBook
  readonly #finder: PlaceFinder
  readonly #launcher: Launcher
  /** Told after something was written, taken back or forgotten. */
  onChange: () => void = () => {}
  /** Changes run one after another. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: ConnectionsOptions) {
    this.#options = options
    this.#disk = options.disk ?? new ClientDisk(options.host.platform)
    this.#book = new ConnectionBook(options.host.home)
    this.#finder = new PlaceFinder(options.host, this.#disk, options.url)
    this.#launcher = launcherOf(options.host)
  }

  /** What is true now of each program, its own files and those in the given projects. */
  async programs(folders: readonly string[] = []): Promise<ConnectProgram[]> {
    for (const folder of folders) this.#finder.refuseFolder(folder)
    const connections = await this.#book.all()
    return Promise.all(knownPrograms.map((program) => this.#program(program, connections, folders)))
  }

  /** The places that we wrote, as they are now. */
  async written(): Promise<WatchedPlace[]> {
    const connections = await this.#book.all()
    return Promise.all(
      connections.map(async (connection) => {
        const facts = await this.#facts(connection)
        return { program: connection.program, name: facts.place.program.name, place: this.#state(facts) }
      }),
    )
  }

  async preview(request: ConnectRequest): Promise<ConnectPreview> {
    return (await this.#plan(request)).preview
  }

  /** @throws AppError `file_changed`, `preview_stale` (409), and what keeps the file from being written. */
  write(request: WriteRequest): Promise<Answer> {
    return this.#inTurn(async () => {
      const planned = await this.#plan(request)
      const { preview, facts, plan, before, after } = planned
      if (preview.before_hash !== request.before_hash) throw fileChanged(preview.path)
      if (preview.after_hash !== request.after_hash) {
        throw new AppError('preview_stale', 'What would be written is not what was shown.', {
          status: 409,
          hint: 'Look at the difference again.',
        })
      }
      if (preview.hunks.length > 0) {
        const earlier = facts.record
        // Our own last write is no state to go back to, where nobody else wrote since.
        const isOurs = earlier !== null && earlier.path === preview.path && earlier.after_hash === preview.before_hash
        const backup = isOurs ? earlier.backup : preview.backup_path && this.#backupName(request, before!)
        const written = `written-${this.#backupName(request, after)}`
        const at = new Date().toISOString()
        const kept = backup !== null && !isOurs ? await this.#keep(backup, preview.path, before!, at) : null
        await keepBytes(this.#backupPath(written), after)
        const connection: Connection = {
          program: request.program,
          scope: request.scope,
          folder: request.folder,
          path: preview.path,
          key: [...plan.key],
          mode: request.mode,
          at,
          before_hash: isOurs ? earlier.before_hash : preview.before_hash,
          after_hash: preview.after_hash,
          entry_hash: entryHash(plan.written.entry),
          backup,
          written,
          made_folders: isOurs ? earlier.made_folders : [],
          moved: [...new Set([...(isOurs ? earlier.moved : []), ...request.move])],
          has_input: plan.addsInput || (isOurs && earlier.has_input),
          is_pending: true,
        }
        await this.#book.put(connection, kept)
        const made = await this.#disk
          .replace(preview.path, preview.before_hash, after)
          .catch(async (error: unknown) => {
            // Nothing was written: what was there before is what can be taken back.
            await (earlier === null ? this.#book.drop(request, kept) : this.#book.put(earlier, kept))
            throw error
          })
        await this.#book.put({
          ...connection,
          made_folders: [...connection.made_folders, ...made],
          is_pending: false,
        })
      }
      return this.#answer(request)
    })
  }

  /** @throws AppError `nothing_to_undo`, `changed_since` (409), whose `data` says what changed and who has our entry. */
  undo(target: ConnectTarget, how: 'exact' | 'entry'): Promise<Answer> {
    return this.#inTurn(async () => {
      const facts = await this.#facts(target)
      if (how === 'exact') await this.#undoExactly(facts)
      else await this.#undoEntry(facts, target)
      return this.#answer(target)
    })
  }

  /** Takes a file as it is from now on. */
  forget(target: ConnectTarget): Promise<Answer> {
    return this.#inTurn(async () => {
      const { record } = await this.#facts(target)
      await this.#drop(target, record)
      return this.#answer(target)
    })
  }

  async backups(): Promise<(Omit<KeptBytes, 'file'> & { path: string })[]> {
    const kept = await this.#book.backups()
    return kept
      .map(({ file, ...rest }) => ({ path: this.#backupPath(file), ...rest }))
      .sort((one, other) => (one.at < other.at ? 1 : -1))
  }

  async #undoExactly({ place, path, record }: PlaceFacts): Promise<void> {
    if (record === null) throw nothingToUndo(path)
    const now = await this.#disk.read(record.path)
    if (now.kind === 'refused') throw refusal(record.path, now)
    if (now.kind === 'absent' || now.hash !== record.after_hash) {
      const ours = await this.#keptBytes(record.written)
      throw whatChanged(place, record, ours, now.kind === 'absent' ? null : now.bytes)
    }
    if (record.backup === null) {
      await this.#disk.remove(record.path, record.after_hash, record.made_folders)
    } else {
      const before = await this.#keptBytes(record.backup)
      if (before === null || hashOf(before) !== record.before_hash) throw backupGone(this.#backupPath(record.backup))
      await this.#disk.replace(record.path, record.after_hash, before)
    }
    await this.#drop(record, record)
  }

  async #undoEntry({ place, path, reading, record }: PlaceFacts, target: ConnectTarget): Promise<void> {
    const at = record?.path ?? path
    const now = at === path ? reading : await this.#finder.reading(place, at)
    if (now.kind !== 'read') throw nothingToUndo(at)
    const before = record?.backup ? await this.#keptBytes(record.backup) : null
    const text = undoEntry(place, now, record, before, this.#finder.context())
    if (text === null) throw nothingToUndo(at)
    const bytes = Buffer.from(now.text)
    const kept = await this.#keep(this.#backupName(target, bytes), at, bytes, new Date().toISOString())
    await this.#disk.replace(at, now.hash, Buffer.from(text))
    await this.#drop(target, record, kept)
  }

  async #plan(request: ConnectRequest) {
    const facts = await this.#facts(request)
    const { place, path, reading } = facts
    if (reading.kind === 'unreadable') throw unreadable(path, reading)
    const problem = request.mode === 'stdio' ? this.#launcher.problem : null
    if (problem !== null) throw new AppError('mode_unavailable', problem, { status: 422 })
    const url = this.#options.url()
    const plan = planConnection(place, reading, request, {
      launcher: this.#launcher,
      url: url === null ? null : `${url}/mcp`,
      served: this.#options.served(),
      context: this.#finder.context(),
    })
    const [old, isFile] = reading.kind === 'read' ? [reading.text, true] : ['', false]
    const after = Buffer.from(plan.text)
    const before = isFile ? Buffer.from(old) : null
    const { syntax, id } = place.program
    const preview: ConnectPreview = {
      path,
      target: reading.kind === 'read' ? reading.target : path,
      makes_file: !isFile,
      before_hash: reading.kind === 'read' ? reading.hash : null,
      after_hash: hashOf(after),
      hunks: hunksBetween(old, plan.text),
      line_end: plan.text.includes('\r\n') ? 'crlf' : 'lf',
      entry_text: renderEntry(syntax, plan.key, plan.written.entry),
      backup_path: before && this.#backupPath(this.#backupName(request, before)),
      movable: plan.movable.map((one) => ({ ...one, text: entryTextIn(old, syntax, [...place.key, one.name]) ?? '' })),
      removed: request.move,
      warnings: connectionWarnings({ place, reading, request, launcher: this.#launcher, url, usualPort }),
      restart: programEntries[id].restart,
    }
    return { preview, facts, plan, before, after }
  }

  async #answer(target: ConnectTarget): Promise<Answer> {
    return { place: await this.#state(await this.#facts(target)), restart: programEntries[target.program].restart }
  }

  async #program(
    program: KnownProgram,
    connections: readonly Connection[],
    asked: readonly string[],
  ): Promise<ConnectProgram> {
    const { host } = this.#options
    const own = await this.#finder.ownPlaces(program)
    const recorded = connections.filter((one) => one.program === program.id && one.folder !== null)
    const folders = new Set([...recorded.map(({ folder }) => folder!), ...asked])
    const ofProjects = [...folders].flatMap((folder) => projectPlaces(program, host, folder))
    const isWanted = ({ scope, folder }: PlacePlan) =>
      asked.includes(folder!) || recorded.some((one) => one.scope === scope && one.folder === folder)
    const facts = await Promise.all(
      [...own, ...ofProjects.filter(isWanted)].map((place) => this.#finder.facts(place, connections)),
    )
    const { restart, note } = programEntries[program.id]
    return {
      id: program.id,
      name: program.name,
      is_found: facts.some(
        ({ place, isThere, reading }) => place.folder === null && (isThere || reading.kind !== 'absent'),
      ),
      restart,
      note,
      places: facts.map((one) => this.#state(one)),
    }
  }

  #state(facts: PlaceFacts): ConnectPlace {
    return placeState(facts, this.#finder.context(), this.#launcher, this.#options.url())
  }

  async #facts(target: ConnectTarget): Promise<PlaceFacts> {
    return this.#finder.facts(await this.#finder.find(target), await this.#book.all())
  }

  #backupName({ program, scope }: Pick<ConnectTarget, 'program' | 'scope'>, bytes: Uint8Array): string {
    const suffix = { jsonc: '.json', toml: '.toml', yaml: '.yaml' }[knownProgram(program).syntax]
    return `${program}-${scope}-${hashOf(bytes).slice(0, 16)}${suffix}`
  }

  #backupPath(name: string): string {
    return backupPath(this.#options.host.home, name)
  }

  async #keep(file: string, of: string, bytes: Uint8Array, at: string): Promise<KeptBytes> {
    await keepBytes(this.#backupPath(file), bytes)
    return { file, of, at, bytes: bytes.length }
  }

  /** The old bytes stay; those that we wrote were kept only to tell what changed since. */
  async #drop(target: ConnectTarget, record: Connection | null, kept: KeptBytes | null = null): Promise<void> {
    await this.#book.drop(target, kept)
    if (record !== null) await rm(this.#backupPath(record.written), { force: true })
  }

  async #keptBytes(name: string): Promise<Buffer | null> {
    const state = await new ClientDisk(process.platform).read(this.#backupPath(name))
    return state.kind === 'file' ? state.bytes : null
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work).finally(() => this.onChange())
    // The caller is told of a failure; the next one's turn comes all the same.
    this.#turn = done.catch(() => {})
    return done
  }
}

function unreadable(path: string, { message, line, column }: Extract<PlaceReading, { kind: 'unreadable' }>): AppError {
  const place = line === null ? '' : `line ${line}, column ${column}: `
  return new AppError('client_file_unreadable', `${path} cannot be used: ${place}${message}.`, {
    status: 422,
    hint: line === null ? 'Correct that, then try again.' : `Correct line ${line}, then try again.`,
    data: { line, column },
  })
}

function nothingToUndo(path: string): AppError {
  return new AppError('nothing_to_undo', `There is nothing of ours in ${path} to take back.`, { status: 409 })
}

function backupGone(path: string): AppError {
  return new AppError('backup_gone', `The bytes that were kept in ${path} are gone or changed.`, {
    status: 409,
    hint: 'Take out our entry alone instead.',
  })
}
