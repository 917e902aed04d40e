import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sqlite } from './sqlite.ts'

/** A `durable` write is one that is on the disk itself once it is answered. */
export type Access = 'read' | 'write' | 'durable'

/** One call of the main thread. `run` throws where the call fails. */
export interface Job {
  access: Access
  run: () => Promise<unknown>
  done: (value: unknown) => void
  failed: (error: unknown) => void
}

const largestGroup = 500

/**
 * Runs the calls on one database, durable writes on a connection of their own. All writes that wait are one transaction and are answered after its commit, so
 * that many writers share the cost of one sync; a write that fails takes none of the others with it. Between two
 * groups runs at most one read, so that a slow one holds up writes once and not for ever.
 */
export class GroupCommit {
  readonly #sqlite: Sqlite
  readonly #durable: Sqlite
  readonly #queues: Readonly<Record<Access, Job[]>> = { read: [], write: [], durable: [] }
  #running: Promise<void> | null = null

  constructor(sqlite: Sqlite, durable = sqlite) {
    this.#sqlite = sqlite
    this.#durable = durable
  }

  push(job: Job): void {
    this.#queues[job.access].push(job)
    this.#running ??= this.#run()
  }

  /** Resolves when all that was pushed is answered. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    const { read, write, durable } = this.#queues
    // A turn of the event loop lets in whatever arrived meanwhile.
    for (await nextTurn(); write.length + durable.length + read.length > 0; await nextTurn()) {
      if (durable.length > 0) await commit(this.#durable, durable.splice(0, largestGroup))
      if (write.length > 0) await commit(this.#sqlite, write.splice(0, largestGroup))
      const reading = read.shift()
      if (reading) await answer(reading)
    }
    this.#running = null
  }
}

async function commit(sqlite: Sqlite, group: Job[]): Promise<void> {
  const answers: (() => void)[] = []
  try {
    sqlite.exec('begin immediate')
    for (const job of group) answers.push(await savepoint(sqlite, job))
    sqlite.exec('commit')
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('rollback')
    for (const job of group) job.failed(error)
    return
  }
  for (const tell of answers) tell()
}

/** Resolves with how to answer once the group is committed; rejects where the whole group is lost. */
async function savepoint(sqlite: Sqlite, job: Job): Promise<() => void> {
  sqlite.exec('savepoint job')
  try {
    const value = await job.run()
    sqlite.exec('release job')
    return () => job.done(value)
  } catch (error) {
    // On a full disk SQLite rolls the transaction back by itself: nothing of the group is there any more.
    if (!sqlite.inTransaction) throw error
    sqlite.exec('rollback to job')
    sqlite.exec('release job')
    return () => job.failed(error)
  }
}

async function answer(job: Job): Promise<void> {
  try {
    job.done(await job.run())
  } catch (error) {
    job.failed(error)
  }
}
