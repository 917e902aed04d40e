import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/app-error.ts'
import type { IntakeDeath, IntakeMessage, IntakeNews } from '../logs/intake-messages.ts'
import { type Opened, type Request, type Response, received, type WorkerInput } from './store-protocol.ts'

/** Told of each call that was answered: what it was, and the seconds from handing it over until its answer. */
export type QueryObserver = (queryType: string, seconds: number) => void

interface Pending {
  resolve: (value: unknown) => void
  reject: (error: AppError) => void
}

/** V8's space for new objects would grow to 128 MiB under load and stay; three times a half of it, by the option's own reckoning. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

/** The main thread's end of one database: sends calls, settles their promises, and outlives the worker's death. */
export class DatabaseWorker implements AsyncDisposable {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #exited: Promise<void>
  readonly #listeners = new Set<(news: IntakeNews | IntakeDeath) => void>()
  #nextId = 1
  /** Null where nobody wants to know: then nothing is timed. */
  observer: QueryObserver | null = null
  /** Why no more calls are taken; null while they are. */
  #closed: AppError | null = null

  private constructor(worker: Worker) {
    this.#worker = worker
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#exited = promise
    worker.on('message', (response: Response) => this.#settle(response))
    worker.on('error', (error) => this.#end(workerDied(error)))
    worker.on('exit', () => {
      this.#end(workerDied(null))
      resolve()
    })
  }

  /** Resolves once the database is open; rejects with the worker's AppError where it cannot be. */
  static async open(module: string, input: WorkerInput): Promise<Opened & { database: DatabaseWorker }> {
    const database = new DatabaseWorker(
      new Worker(module, { workerData: input, name: `store:${input.kind}`, resourceLimits }),
    )
    const opening = Promise.withResolvers<unknown>()
    database.#pending.set(0, opening)
    try {
      return { database, ...((await opening.promise) as Opened) }
    } catch (error) {
      await database[Symbol.asyncDispose]()
      throw error
    }
  }

  /** A typed stand-in for a repo in the worker; it has the methods that `access` names. */
  repo<Repo extends object>(name: string, access: Readonly<Record<keyof Repo, unknown>>): Repo {
    const methods = Object.keys(access).map((method) => [
      method,
      (...args: unknown[]) => this.#observed(`${name}_${access[method as keyof Repo]}`, this.#call(name, method, args)),
    ])
    return Object.fromEntries(methods) as Repo
  }

  /** Says something that is not answered; after the end it goes nowhere. */
  tell(told: IntakeMessage, transfer: readonly ArrayBuffer[] = []): void {
    if (!this.#closed) this.#worker.postMessage({ told } satisfies Request, transfer)
  }

  onNews(listener: (news: IntakeNews | IntakeDeath) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** Lets all calls that were made finish, then closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed) {
      this.#closed = new AppError('store_closed', 'The store is closed', { status: 503 })
      this.#post('close')
    }
    await this.#exited
  }

  #observed(queryType: string, answer: Promise<unknown>): Promise<unknown> {
    const tell = this.observer
    // It waits for lines on purpose.
    if (tell === null || queryType.startsWith('intake_')) return answer
    const begunMs = performance.now()
    return answer.finally(() => tell(queryType, (performance.now() - begunMs) / 1000))
  }

  #call(repo: string, method: string, args: unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed)
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    try {
      this.#post({ id, repo, method, args })
      this.#pending.set(id, { resolve, reject })
    } catch (cause) {
      reject(new AppError('not_storable', `${repo}.${method} was given a value that cannot be stored`, { cause }))
    }
    return promise
  }

  #post(request: Request): void {
    this.#worker.postMessage(request)
  }

  #settle(response: Response): void {
    if (response.kind === 'news') {
      for (const tell of this.#listeners) tell(response.news)
      return
    }
    const id = response.kind === 'opened' || response.kind === 'not_opened' ? 0 : response.id
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    switch (response.kind) {
      case 'opened':
        pending?.resolve(response.opened)
        return
      case 'done':
        pending?.resolve(response.value)
        return
      case 'not_opened':
      case 'failed':
        pending?.reject(received(response.error))
        return
      default:
        response satisfies never
    }
  }

  #end(reason: AppError): void {
    const wasOpen = this.#closed === null
    this.#closed ??= reason
    if (wasOpen) for (const tell of this.#listeners) tell({ kind: 'died', error: reason })
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of lost) reject(reason)
  }
}

function workerDied(cause: unknown): AppError {
  return new AppError('store_died', 'The store stopped unexpectedly; what it had not acknowledged may be lost', {
    hint: 'Restart Signalbox.',
    cause: cause ?? undefined,
  })
}
