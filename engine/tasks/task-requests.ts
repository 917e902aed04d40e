import { createHash } from 'node:crypto'
import { AppError } from '../../shared/app-error.ts'
import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { NewTask, TaskRequest, TaskSummary } from '../../shared/task.ts'
import type { Callbacks } from '../callbacks/callbacks.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { SlugBook } from '../gateway/slug-book.ts'
import type { IdempotencyRepo, TaskRepo } from '../store/store.ts'
import { findAgent } from './find-agent.ts'
import type { TaskRunner } from './task-runner.ts'
import type { Provenance } from './task-summary.ts'

interface Parts {
  readonly runner: Pick<TaskRunner, 'create'>
  readonly tasks: Pick<TaskRepo, 'get'>
  readonly callbacks: Pick<Callbacks, 'check' | 'order' | 'withdraw'>
  readonly idempotency: IdempotencyRepo
  specs(): readonly ServerSpec[]
  readonly slugs: Pick<SlugBook, 'of'>
}

/** Who asks, and within which trace. */
type Asker = Pick<Provenance, 'origin' | 'trace'>
/** With a callback or without one: members that hold nothing are gone. */
type Request = Omit<TaskRequest, 'idempotency_key' | 'callback_url'> & { callback_url?: string }
type Acknowledged = Pick<TaskSummary, 'task_id' | 'status'>

const keptHours = 24

/** Makes the tasks that are asked for through the API: once for each idempotency key, with the callback that is owed for it. */
export class TaskRequests {
  readonly #parts: Parts
  /** Keys of requests that are being answered. */
  readonly #underWay = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Resolves once all of it is on record.
   * @throws AppError as `TaskRunner.create`; `target_refused` (400); `idempotency_key_in_use` (409), `idempotency_key_reused` (422).
   */
  async create(asked: TaskRequest, asker: Asker): Promise<Acknowledged> {
    const { idempotency_key: key, callback_url, ...call } = asked
    const request: Request = typeof callback_url === 'string' ? { ...call, callback_url } : call
    if (request.callback_url !== undefined) this.#parts.callbacks.check(request.callback_url)
    const task_id = uuidV7() as TaskId
    if (key === undefined) return this.#make(request, asker, task_id)
    if (this.#underWay.has(key)) throw inUse()
    this.#underWay.add(key)
    try {
      return await this.#makeOnce(key, request, asker, task_id)
    } finally {
      this.#underWay.delete(key)
    }
  }

  async #makeOnce(key: string, request: Request, asker: Asker, task_id: TaskId): Promise<Acknowledged> {
    const { idempotency, tasks } = this.#parts
    const now = Date.now()
    const mine = { key, fingerprint: fingerprintOf(request), task_id, created_at: new Date(now).toISOString() }
    const standing = await idempotency.claim(mine, new Date(now - keptHours * 3600 * 1000).toISOString())
    if (standing.fingerprint !== mine.fingerprint) throw reused()
    const isRepeated = standing.task_id !== task_id && (await tasks.get(standing.task_id)) !== null
    // The same answer as the first time, whatever has become of the task since.
    if (isRepeated) return { task_id: standing.task_id, status: 'queued' }
    try {
      return await this.#make(request, asker, standing.task_id)
    } catch (error) {
      await idempotency.release(standing)
      throw error
    }
  }

  async #make({ callback_url, ...request }: Request, asker: Asker, task_id: TaskId): Promise<Acknowledged> {
    const { runner, callbacks } = this.#parts
    const servers = this.#servers()
    const agent = findAgent(request.agent, servers, this.#parts.slugs.of(servers))
    const task: NewTask = { ...request, agent }
    if (callback_url === undefined) {
      await runner.create(task, { ...asker, task_id })
      return { task_id, status: 'queued' }
    }
    await callbacks.order(task_id, callback_url)
    try {
      await runner.create(task, { ...asker, task_id })
      return { task_id, status: 'queued' }
    } catch (error) {
      await callbacks.withdraw(task_id)
      throw error
    }
  }

  #servers() {
    return this.#parts.specs().map(({ id, settings }) => ({ id, slug: settings.slug }))
  }
}

/** Of what was asked for, whatever the order of its members. */
function fingerprintOf(request: object): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(request)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)])
}

function inUse(): AppError {
  return new AppError('idempotency_key_in_use', 'A request with this Idempotency-Key is still being answered.', {
    hint: 'Send it again once that one has its answer.',
    status: 409,
  })
}

function reused(): AppError {
  return new AppError('idempotency_key_reused', 'This Idempotency-Key came before with another request.', {
    hint: 'Make a new key for each request, and keep it for the same one alone.',
    status: 422,
  })
}
