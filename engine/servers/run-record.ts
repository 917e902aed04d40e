import { type RunId, type ServerId, uuidV7 } from '../../shared/ids.ts'
import type { Exit } from './server-process.ts'
import type { RunStore } from './session.ts'

export type RunCause = 'stopped' | 'exited' | 'start_failed' | 'probe_failed' | 'memory' | 'cpu'

/** One life of a process on record: the row is there before the process is, so that no process goes unknown. */
export class RunRecord {
  readonly id = uuidV7() as RunId
  readonly #store: RunStore
  readonly #server: ServerId
  /** A store that fails must not take a server down; it is told here. */
  readonly #onError: (error: unknown) => void

  constructor(store: RunStore, server: ServerId, onError: (error: unknown) => void) {
    this.#store = store
    this.#server = server
    this.#onError = onError
  }

  begin(): Promise<void> {
    return this.#write(
      this.#store.insertRun({
        id: this.id,
        server: this.#server,
        pid: null,
        started_at: now(),
        ready_at: null,
        ended_at: null,
        exit_code: null,
        signal: null,
        cause: null,
        stderr_tail: null,
      }),
    )
  }

  spawned(pid: number): Promise<void> {
    return this.#write(this.#store.updateRun(this.id, { pid }))
  }

  ready(): Promise<void> {
    return this.#write(this.#store.updateRun(this.id, { ready_at: now() }))
  }

  end(cause: RunCause, exit: Exit | null, stderr: readonly string[]): Promise<void> {
    return this.#write(
      this.#store.updateRun(this.id, {
        ended_at: now(),
        exit_code: exit?.code ?? null,
        signal: exit?.signal ?? null,
        cause,
        stderr_tail: stderr.length === 0 ? null : stderr.join('\n'),
      }),
    )
  }

  #write(write: Promise<void>): Promise<void> {
    return write.catch(this.#onError)
  }
}

function now(): string {
  return new Date().toISOString()
}
