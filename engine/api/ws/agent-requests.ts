import { AppError } from '../../../shared/app-error.ts'
import type { TaskId } from '../../../shared/ids.ts'
import { isFinished, type NewTask } from '../../../shared/task.ts'
import type { ClientMessage, RequestId, ServerMessage } from '../../../shared/ws-messages.ts'
import { readTrace } from '../../metrics/trace-context.ts'
import { socketLimits } from './socket-limits.ts'
import type { ApiClient } from './topic-sources.ts'

type AgentRequest = Extract<ClientMessage, { type: 'agent_request' | 'stream_request' }>
type Outcome = Omit<Extract<ServerMessage, { type: 'agent_response' }>, 'type'>

interface Parts {
  /** With the rights of who asks. */
  readonly api: ApiClient
  /** @throws AppError where who asks may not call this. */
  allow(call: NewTask): void
  say(message: ServerMessage): void
  fail(error: unknown, about: { id?: RequestId | undefined }): void
}

/** The tool calls that one socket has asked for and not yet been answered. When the socket closes, their tasks go on. */
export class AgentRequests implements Disposable {
  readonly #parts: Parts
  readonly #open = new Map<symbol, { id: RequestId | undefined; taskId: TaskId }>()
  readonly #closed = new AbortController()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Resolves once the task is on record; the answer comes later.
   * @throws AppError `too_many_requests` (429), `request_open` (409), and what `tasks.create` throws.
   */
  async start({ type, id, payload, _meta }: AgentRequest): Promise<void> {
    if (this.#open.size >= socketLimits.open_requests) throw tooManyRequests()
    if (id !== undefined && this.#find(id) !== undefined) throw requestOpen(id)
    this.#parts.allow(payload)
    const { task_id } = await this.#parts.api.tasks.create(payload, {
      context: { trace: readTrace(_meta ?? {}) ?? undefined },
    })
    const key = Symbol(task_id)
    this.#open.set(key, { id, taskId: task_id })
    this.#answer(type, id, task_id)
      .catch((error: unknown) => this.#parts.fail(error, { id }))
      .finally(() => this.#open.delete(key))
  }

  /** @throws AppError `unknown_request` (404). */
  async cancel(id: RequestId): Promise<void> {
    const found = this.#find(id)
    if (found === undefined) throw unknownRequest(id)
    await this.#parts.api.tasks.cancel({ task_id: found.taskId })
  }

  [Symbol.dispose](): void {
    this.#closed.abort()
  }

  async #answer(type: AgentRequest['type'], id: RequestId | undefined, task_id: TaskId): Promise<void> {
    const { signal } = this.#closed
    for await (const { events, task } of await this.#parts.api.tasks.follow({ task_id }, { signal })) {
      if (signal.aborted) return
      if (type === 'stream_request') {
        for (const chunk of events) this.#parts.say({ type: 'stream_chunk', ...named(id), task_id, chunk })
      }
      if (isFinished(task.status)) break
    }
    if (signal.aborted) return
    const outcome = { ...named(id), ...(await this.#outcome(task_id)) }
    this.#parts.say({ type: type === 'stream_request' ? 'stream_end' : 'agent_response', ...outcome })
  }

  async #outcome(task_id: TaskId): Promise<Outcome> {
    const { status, result, error } = await this.#parts.api.tasks.get({ task_id })
    return { task_id, status, ...(result !== undefined && { result }), ...(error !== undefined && { error }) }
  }

  #find(id: RequestId): { taskId: TaskId } | undefined {
    return this.#open.values().find((open) => open.id === id)
  }
}

const named = (id: RequestId | undefined): { id?: RequestId } => (id === undefined ? {} : { id })

function tooManyRequests(): AppError {
  return new AppError('too_many_requests', `${socketLimits.open_requests} requests wait for their answers here.`, {
    status: 429,
    hint: 'Wait for one of them, or open another connection.',
  })
}

function requestOpen(id: RequestId): AppError {
  return new AppError('request_open', `The request ${id} has not been answered yet.`, {
    status: 409,
    hint: 'Give each request an id of its own.',
  })
}

function unknownRequest(id: RequestId): AppError {
  return new AppError('unknown_request', `No request ${id} waits for an answer here.`, {
    status: 404,
    hint: 'It may have been answered meanwhile. Cancel a task of another connection with DELETE /api/v1/tasks/{task_id}.',
  })
}
