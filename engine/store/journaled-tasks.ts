import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { type DiskWatch, diskFull } from './disk-watch.ts'
import { errorCode } from './error-code.ts'
import type { Journal } from './journal.ts'
import type { TaskWrite } from './journal-record.ts'
import { keepRefused, lossBanner } from './journal-replay.ts'
import type { JournalRepo, RefusedRecord } from './journal-repo.ts'
import type { CallRecorder, TaskRepo } from './store.ts'
import { isDiskFull, storeError } from './store-errors.ts'
import { WaitingRecords } from './waiting-records.ts'

interface Parts {
  journal: Journal
  /** Folder of the journal. */
  folder: string
  /** In the worker: brings records into the tables. */
  records: JournalRepo
  /** In the worker: reads the tables. */
  rows: TaskRepo
  disk: DiskWatch
  onBanner: (banner: Banner | null) => void
}

/** A write on its way into the journal. */
interface Recorded {
  /** Its JSON. */
  readonly text: string
  /** Whether it begins a task. */
  readonly isNew: boolean
  resolve(): void
  reject(error: unknown): void
}

const batchMs = 200
/** So many times a batch waits on while more comes: calls go before their bookkeeping, and large batches cost less. */
const mostWaits = 5
const retryMs = 1_000
/** Records that wait for the tables; beyond it no new tasks are taken. */
const largestBacklogBytes = 64 * 1024 * 1024

/**
 * Tasks on record before the tables have them: a write resolves once it is in the journal, and goes to the tables in the next lull
 * of 200 ms, or within a second where there is none. Reads first wait until the tables hold what was written before them.
 */
export class JournaledTasks implements TaskRepo, CallRecorder, AsyncDisposable {
  readonly #parts: Parts
  readonly #home: string
  /** Whether a write resolves only once it is on the disk itself. */
  survivesPowerCut: boolean
  /** What was recorded in this turn of the event loop, for one write: a write for each was 7 % of the main thread's time. */
  #turn: Recorded[] = []
  readonly #waiting = new WaitingRecords()
  #committed: number
  #sending: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #isClosed = false
  #isStuck = false
  /** What was refused stays told for the life of the app. */
  #loss: Banner | null = null

  constructor(parts: Parts, home: string, survivesPowerCut: boolean) {
    this.#parts = parts
    this.#home = home
    this.survivesPowerCut = survivesPowerCut
    this.#committed = parts.journal.last
  }

  insert: TaskRepo['insert'] = async (row, events) => {
    this.#demandRoom()
    await this.#record({ kind: 'insert', row, events })
  }

  update: TaskRepo['update'] = async (id, patch, events) => this.#record({ kind: 'update', id, patch, events })

  addEvents: TaskRepo['addEvents'] = async (events) => {
    if (events.length > 0) await this.#record({ kind: 'events', events })
  }

  begin: CallRecorder['begin'] = (row, parametersText, sent, isAlone) => {
    this.#demandRoom()
    const rowText = `${JSON.stringify(row).slice(0, -1)},"parameters":${parametersText}}`
    const text = `{"kind":"call","row":${rowText},"sent":${JSON.stringify(sent)},"events":[]}`
    return isAlone ? this.#recordNow(text, true) : this.#recordText(text, true)
  }

  end: CallRecorder['end'] = (id, patch, resultText, events, isAlone) => {
    const result = resultText === null ? '' : `,"result":${resultText}`
    const patchText = `${JSON.stringify(patch).slice(0, -1)}${result}}`
    const text = `{"kind":"update","id":"${id}","patch":${patchText},"events":${JSON.stringify(events)}}`
    return isAlone ? this.#recordNow(text, false) : this.#recordText(text, false)
  }

  /** Throws where the task may be among those that the tables do not hold yet: to say that there is none would be untrue. */
  get: TaskRepo['get'] = async (id) => {
    const isSettled = await this.#settled()
    const task = await this.#parts.rows.get(id)
    if (task === null && !isSettled) throw this.#parts.disk.isFull ? diskFull(this.#home) : storeBehind()
    return task
  }
  list: TaskRepo['list'] = (filter) => this.#read(({ list }) => list(filter))
  facets: TaskRepo['facets'] = (filter) => this.#read(({ facets }) => facets(filter))
  events: TaskRepo['events'] = (id, after) => this.#read(({ events }) => events(id, after))
  count: TaskRepo['count'] = () => this.#read(({ count }) => count())
  day: TaskRepo['day'] = (now) => this.#read(({ day }) => day(now))
  use: TaskRepo['use'] = (since) => this.#read(({ use }) => use(since))
  interruptOpen: TaskRepo['interruptOpen'] = (at) => this.#read(({ interruptOpen }) => interruptOpen(at))
  endedSince: TaskRepo['endedSince'] = (at, most) => this.#read(({ endedSince }) => endedSince(at, most))

  /** Brings what waits into the tables; what they do not take stays in the journal for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    await this.#settled()
    if (this.#timer) clearTimeout(this.#timer)
    this.#parts.journal[Symbol.dispose]()
  }

  #demandRoom(): void {
    if (this.#parts.disk.isFull) throw diskFull(this.#home)
    if (this.#waiting.bytes > largestBacklogBytes) throw storeBehind()
  }

  #record(write: TaskWrite): Promise<void> {
    let text: string
    try {
      text = JSON.stringify(write)
    } catch (error) {
      throw notAppended(error, this.#home)
    }
    return this.#recordText(text, write.kind === 'insert')
  }

  /** Resolves once the journal has it, together with all that is recorded in the same turn of the event loop. */
  #recordText(text: string, isNew: boolean): Promise<void> {
    this.#demandOpen()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#turn.push({ text, isNew, resolve, reject })
    if (this.#turn.length === 1) setImmediate(() => this.#appendTurn())
    return promise
  }

  /** The journal has it when this returns, or when what it returns resolves. */
  #recordNow(text: string, isNew: boolean): void | Promise<void> {
    this.#demandOpen()
    this.#appendTurn()
    this.#waiting.add(this.#append(text, isNew), 1)
    this.#sendSoon()
    if (this.survivesPowerCut) return this.#onDisk(() => this.#parts.journal.synced())
  }

  #demandOpen(): void {
    if (this.#isClosed) throw new AppError('store_closed', 'The store is closed', { status: 503 })
  }

  #sendSoon(): void {
    if (this.#waiting.isPlenty) this.#send()
    else if (this.#timer === null) this.#await(0)
  }

  #await(waits: number): void {
    const { last } = this.#parts.journal
    this.#timer = setTimeout(() => {
      if (waits + 1 < mostWaits && this.#parts.journal.last !== last) this.#await(waits + 1)
      else this.#send()
    }, batchMs)
  }

  #appendTurn(): void {
    const turn = this.#turn
    this.#turn = []
    if (turn.length === 0) return
    let taken = turn
    try {
      this.#waiting.add(this.#parts.journal.appendTexts(turn.map(({ text }) => text)), turn.length)
    } catch {
      // One by one, so that each hears what became of it, and the end of a call finds room where a new one does not.
      taken = turn.filter((record) => this.#appendAlone(record))
    }
    if (taken.length === 0) return
    this.#sendSoon()
    if (this.survivesPowerCut) void this.#syncTurn(taken)
    else for (const { resolve } of taken) resolve()
  }

  /** False where it is rejected. */
  #appendAlone({ text, isNew, reject }: Recorded): boolean {
    try {
      this.#waiting.add(this.#append(text, isNew), 1)
      return true
    } catch (error) {
      reject(error)
      return false
    }
  }

  #append(text: string, isNew: boolean): Uint8Array {
    const { journal, disk } = this.#parts
    try {
      return journal.appendTexts([text])
    } catch (error) {
      if (!isDiskFull(errorCode(error))) throw notAppended(error, this.#home)
      // What runs is brought to its end in the room that was kept for it.
      disk.full()
      if (isNew) throw diskFull(this.#home, error)
    }
    try {
      return journal.appendTexts([text])
    } catch (error) {
      throw notAppended(error, this.#home)
    }
  }

  async #syncTurn(turn: readonly Recorded[]): Promise<void> {
    try {
      await this.#onDisk(() => this.#parts.journal.synced())
    } catch (error) {
      for (const { reject } of turn) reject(error)
      return
    }
    for (const { resolve } of turn) resolve()
  }

  async #onDisk(sync: () => Promise<void>): Promise<void> {
    try {
      await sync()
    } catch (error) {
      if (isDiskFull(errorCode(error))) this.#parts.disk.full()
      throw notAppended(error, this.#home)
    }
  }

  async #read<T>(ask: (rows: TaskRepo) => Promise<T>): Promise<T> {
    await this.#settled()
    return ask(this.#parts.rows)
  }

  /** Whether the tables hold what was appended so far; false where they have refused to take more for now. */
  async #settled(): Promise<boolean> {
    this.#appendTurn()
    const target = this.#parts.journal.last
    while (this.#committed < target) {
      const before = this.#committed
      this.#send()
      await this.#sending
      if (this.#committed === before) return false
    }
    return true
  }

  #send(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    // One batch at a time: the tables know no more than the number of the last record.
    this.#sending ??= this.#sendBatch().then((isTaken) => {
      this.#sending = null
      if (this.#waiting.isEmpty || this.#isClosed) return
      if (!isTaken) this.#timer ??= setTimeout(() => this.#send(), retryMs)
      else if (this.#waiting.isBehind) this.#send()
      else if (this.#timer === null) this.#await(0)
    })
  }

  async #sendBatch(): Promise<boolean> {
    const { journal, records, disk, onBanner } = this.#parts
    const batch = this.#waiting.first()
    if (batch === null) return true
    // A copy: what crosses to the other thread is the whole of what bytes lie in.
    const apply = (): Promise<RefusedRecord[]> => records.apply(Uint8Array.from(batch.lines))
    const inTheReserve = (error: unknown): Promise<RefusedRecord[]> => {
      if (failureOf(error).code !== 'disk_full') throw error
      // The room that this makes is there for what runs, and for who reads it now.
      disk.full()
      return apply()
    }
    let refused: RefusedRecord[]
    try {
      refused = await apply().catch(inTheReserve)
    } catch (error) {
      const failure = failureOf(error)
      if (failure.code !== 'disk_full' && failure.code !== 'store_closed') this.#stick(failure)
      return false
    }
    if (this.#isStuck) onBanner(this.#loss)
    this.#isStuck = false
    this.#waiting.taken()
    this.#committed += batch.count
    this.#tell(refused)
    journal.committed(this.#committed)
    return true
  }

  #stick(failure: Failure): void {
    if (!this.#isStuck) this.#parts.onBanner(stuckBanner(failure))
    this.#isStuck = true
  }

  /** No caller waits any more for what the tables refuse, so it is told to the person. */
  #tell(refused: RefusedRecord[]): void {
    if (refused.length === 0) return
    keepRefused(this.#parts.folder, refused)
    this.#loss = lossBanner(0, refused.length)
    this.#parts.onBanner(this.#loss)
  }
}

function notAppended(error: unknown, home: string): AppError {
  if (errorCode(error) !== null) return storeError(error, `${home}/journal`)
  return new AppError('not_storable', 'A task was given a value that cannot be stored', { cause: error })
}

function storeBehind(): AppError {
  return new AppError('store_behind', 'The store cannot keep up with the calls', {
    status: 503,
    hint: 'Try again in a moment.',
  })
}

function stuckBanner({ code, message, hint }: Failure): Banner {
  return {
    code,
    severity: 'danger',
    message: `Calls are in the journal and not in the list of tasks yet: ${message}`,
    hint,
    since: new Date().toISOString(),
  }
}
