import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sqlite } from './sqlite.ts'

/** One call of the main thread. `run` throws where the call fails. */
export interface Job {
  access: 'read' | 'write'
  run: () => Promise<unknown>
  done: (value: unknown) => void
  failed: (error: unknown) => void
}

const largestGroup = 500

/**
 * Runs the calls on one connection. All writes that wait are one transaction and are answered after its commit, so
 * that many writers share the cost of one sync; a write that fails takes none of the others with it. Between two
 * groups runs at most one read, so that a slow one holds up writes once and not for ever.
 */
export class GroupCommit {
  readonly #sqlite: Sqlite
  readonly #writes: Job[] = []
  readonly #reads: Job[] = []
  #running: Promise<void> | null = null

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
  }

  push(job: Job): void {
    const queue = job.access === 'write' ? this.#writes : this.#reads
    queue.push(job)
    this.#running ??= this.#run()
  }

  /** Resolves when all that was pushed is answered. */
  async settled(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // A turn of the event loop lets in whatever arrived meanwhile.
    for (await nextTurn(); this.#writes.length + this.#reads.length > 0; await nextTurn()) {
      if (this.#writes.length > 0) await this.#commit(this.#writes.splice(0, largestGroup))
      const read = this.#reads.shift()
      if (read) await answer(read)
    }
    this.#running = null
  }

  async #commit(group: Job[]): Promise<void> {
    const answers: (() => void)[] = []
    try {
      this.#sqlite.exec('begin immediate')
      for (const job of group) answers.push(await this.#savepoint(job))
      this.#sqlite.exec('commit')
    } catch (error) {
      if (this.#sqlite.inTransaction) this.#sqlite.exec('rollback')
      for (const job of group) job.failed(error)
      return
    }
    for (const tell of answers) tell()
  }

  /** Resolves with how to answer once the group is committed; rejects where the whole group is lost. */
  async #savepoint(job: Job): Promise<() => void> {
    this.#sqlite.exec('savepoint job')
    try {
      const value = await job.run()
      this.#sqlite.exec('release job')
      return () => job.done(value)
    } catch (error) {
      // On a full disk SQLite rolls the transaction back by itself: nothing of the group is there any more.
      if (!this.#sqlite.inTransaction) throw error
      this.#sqlite.exec('rollback to job')
      this.#sqlite.exec('release job')
      return () => job.failed(error)
    }
  }
}

async function answer(job: Job): Promise<void> {
  try {
    job.done(await job.run())
  } catch (error) {
    job.failed(error)
  }
}
