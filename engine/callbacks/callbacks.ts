import { AppError, type Failure } from '../../shared/app-error.ts'
import type { Callback } from '../../shared/callback.ts'
import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { OutboundDecision } from '../../shared/outbound.ts'
import { isFinished, type Task, type TaskSummary } from '../../shared/task.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import { toldPauseMs } from '../outbound/told-pause.ts'
import type { Masker } from '../secrets/masker.ts'
import { numberedByStore } from '../store/event-number.ts'
import type { CallbackRepo, KeptCallback, TaskRepo } from '../store/store.ts'
import { callbackBody } from './payload.ts'
import { nextAttemptMs } from './schedule.ts'
import { signedHeaders } from './signature.ts'

interface Parts {
  readonly repo: CallbackRepo
  readonly tasks: Pick<TaskRepo, 'get' | 'addEvents'>
  readonly outbound: Pick<OutboundClient, 'check' | 'send'>
  readonly masker: Masker
  /** As receivers have it. */
  readonly key: string
  readonly version: string
  /** Told of what cannot be recorded. */
  onFailure(taskId: TaskId, error: unknown): void
}

const answerMs = 15_000
/** Others that are due follow as these end. */
const mostAtOnce = 32
const keptDays = 30
/** Node's timers take no more. */
const longestTimerMs = 2 ** 31 - 1

/**
 * Tells those who asked for it that a task has ended: at least once, signed, again and again until they answer. What is owed
 * is on record before the task is, so it outlives any death of the program.
 */
export class Callbacks implements AsyncDisposable {
  readonly #parts: Parts
  /** Those without an end, by task. */
  readonly #open = new Map<TaskId, KeptCallback>()
  readonly #attempts = new Map<TaskId, Promise<void>>()
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #changed: PromiseWithResolvers<void> | null = null

  private constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Takes up what the life before has left; `isActive` false only shows it. */
  static async open(parts: Parts, isActive: boolean): Promise<Callbacks> {
    const callbacks = new Callbacks(parts)
    const open = isActive ? await parts.repo.open() : []
    for (const callback of open) await callbacks.#takeUp(callback)
    callbacks.#schedule()
    return callbacks
  }

  get signingKey(): string {
    return this.#parts.key
  }

  /** @throws AppError `target_refused`, `callback_holds_secret` (400). */
  check(url: string): void {
    this.#parts.outbound.check(url)
    if (this.#parts.masker.text(url) === url) return
    throw new AppError('callback_holds_secret', 'The callback address holds one of the secrets kept here.', {
      hint: 'Callbacks are signed: give the receiver the signing key instead.',
      status: 400,
    })
  }

  /** Promises a callback for a task that is about to be made. */
  async order(taskId: TaskId, url: string): Promise<void> {
    const created_at = new Date().toISOString()
    const callback: KeptCallback = {
      id: uuidV7(),
      task_id: taskId,
      url,
      state: 'waiting',
      attempts: 0,
      next_at: null,
      last_status: null,
      last_error: null,
      created_at,
      ended_at: null,
    }
    await this.#parts.repo.insert(callback, new Date(Date.now() - keptDays * 24 * 3600 * 1000).toISOString())
    this.#open.set(taskId, callback)
  }

  /** There will be no such task. */
  async withdraw(taskId: TaskId): Promise<void> {
    this.#open.delete(taskId)
    await this.#parts.repo.remove(taskId)
  }

  /** Told of every change of any task. */
  taskChanged({ task_id, status }: Pick<TaskSummary, 'task_id' | 'status'>): void {
    const callback = this.#open.get(task_id)
    if (callback?.state !== 'waiting' || !isFinished(status)) return
    this.#settle({ ...callback, state: 'due', next_at: new Date().toISOString() })
  }

  /** @throws AppError `no_callback` (404). */
  async of(taskId: TaskId): Promise<Callback> {
    return wireCallback(await this.#find(taskId))
  }

  /** Once more from the first attempt. @throws AppError `no_callback` (404), `task_unfinished` (409), `target_refused` (400). */
  async redeliver(taskId: TaskId): Promise<Callback> {
    const callback = await this.#find(taskId)
    if (callback.state === 'waiting') {
      throw new AppError('task_unfinished', 'The task has not ended, so there is nothing to tell yet.', {
        hint: 'The callback goes out when it ends.',
        status: 409,
      })
    }
    this.check(callback.url)
    await this.#attempts.get(taskId)
    const again: KeptCallback = {
      ...callback,
      state: 'due',
      attempts: 0,
      next_at: new Date().toISOString(),
      last_error: null,
      ended_at: null,
    }
    await this.#parts.repo.update(again)
    this.#open.set(taskId, again)
    this.#schedule()
    return wireCallback(again)
  }

  /** Whether more is to come on the time line of a task that has ended. */
  isOpen(taskId: TaskId): boolean {
    return this.#open.has(taskId) && !this.#stop.signal.aborted
  }

  /** Resolves at the next change of any callback. */
  get changed(): Promise<void> {
    this.#changed ??= Promise.withResolvers()
    return this.#changed.promise
  }

  /** An attempt that is under way is given up and made again at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#rouse()
    await Promise.all(this.#attempts.values())
  }

  async #takeUp(callback: KeptCallback): Promise<void> {
    const task = await this.#parts.tasks.get(callback.task_id)
    // The program died between the promise and the task: nobody was told that there would be one.
    if (task === null) return this.#parts.repo.remove(callback.task_id)
    const isDue = callback.state === 'waiting' && isFinished(task.status)
    const now = new Date().toISOString()
    this.#open.set(callback.task_id, isDue ? { ...callback, state: 'due', next_at: now } : callback)
  }

  async #find(taskId: TaskId): Promise<KeptCallback> {
    const callback = this.#open.get(taskId) ?? (await this.#parts.repo.ofTask(taskId))
    if (callback !== null) return callback
    throw new AppError('no_callback', `No callback was asked for with task ${taskId}.`, {
      hint: 'Send `callback_url` with POST /api/v1/tasks.',
      status: 404,
    })
  }

  /** Sets the timer for whatever is due first. */
  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#stop.signal.aborted) return
    const now = Date.now()
    let firstMs = Number.POSITIVE_INFINITY
    for (const { task_id, state, next_at } of this.#open.values()) {
      if (state !== 'due' || this.#attempts.has(task_id)) continue
      const inMs = Date.parse(next_at ?? '') - now
      if (inMs > 0) firstMs = Math.min(firstMs, inMs)
      else if (this.#attempts.size < mostAtOnce) this.#begin(task_id)
    }
    if (firstMs === Number.POSITIVE_INFINITY) return
    this.#timer = setTimeout(() => this.#schedule(), Math.min(firstMs, longestTimerMs))
    // What is owed must not keep a program alive that has nothing else to do.
    this.#timer.unref()
  }

  #begin(taskId: TaskId): void {
    const attempt = this.#attempt(taskId)
      .catch((error: unknown) => {
        if (this.#stop.signal.aborted) return
        this.#parts.onFailure(taskId, error)
        // It stays on record as due, for the next start.
        this.#open.delete(taskId)
      })
      .finally(() => {
        this.#attempts.delete(taskId)
        this.#rouse()
        this.#schedule()
      })
    this.#attempts.set(taskId, attempt)
  }

  async #attempt(taskId: TaskId): Promise<void> {
    const { tasks, repo } = this.#parts
    const task = await tasks.get(taskId)
    if (task === null) return this.withdraw(taskId)
    const before = this.#open.get(taskId)!
    const decisions: OutboundDecision[] = []
    const sent = await this.#send(before, task, decisions)
    const after = this.#judged(before, sent)
    decisions.push(...told(before, after))
    await repo.update(after)
    await tasks.addEvents(decisions.map((decision) => eventOf(task, decision)))
    if (after.ended_at === null) this.#open.set(taskId, after)
    else this.#open.delete(taskId)
  }

  async #send({ id, url, attempts }: KeptCallback, task: Task, decisions: OutboundDecision[]): Promise<Sent> {
    const { outbound, key, version } = this.#parts
    const body = callbackBody(task)
    const atS = Math.floor(Date.now() / 1000)
    try {
      const { status, headers } = await outbound.send({
        service: 'callback',
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          'user-agent': `Signalbox/${version}`,
          ...signedHeaders(key, { id, atS, body }),
        },
        body,
        task,
        signal: this.#stop.signal,
        timeoutMs: answerMs,
        maxBytes: 64 * 1024,
        onDecision: (decision) => decisions.push({ ...decision, attempt: attempts + 1 }),
      })
      return { status, askedMs: toldPauseMs(headers, Date.now()) }
    } catch (error) {
      if (this.#stop.signal.aborted || !(error instanceof AppError)) throw error
      // It has answered; what it says beyond the status is of no interest.
      if (error.code === 'answer_too_large') return { status: Number(error.data.status), askedMs: 0 }
      // What our own limits held back counts, too: else a receiver that is gone would be owed to for ever.
      return { error, askedMs: Number(error.data.retry_after_ms ?? 0) }
    }
  }

  /** What an attempt makes of a callback. */
  #judged(before: KeptCallback, { status, askedMs, error }: Sent): KeptCallback {
    const now = Date.now()
    const ended_at = new Date(now).toISOString()
    const attempts = before.attempts + 1
    const last_error = error?.failure ?? failureOfStatus(status)
    const tried = { ...before, attempts, last_status: status ?? null, last_error, next_at: null }
    if (last_error === null) return { ...tried, state: 'delivered', ended_at }
    if (error?.code === 'target_refused') return { ...tried, state: 'refused', ended_at }
    // 410: whoever was there wants nothing more.
    const pauseMs = status === 410 ? null : nextAttemptMs(attempts, askedMs)
    if (pauseMs === null) return { ...tried, state: 'gave_up', ended_at }
    return { ...tried, next_at: new Date(now + pauseMs).toISOString() }
  }

  /** In memory first: what is written is only what the next start must know. */
  #settle(callback: KeptCallback): void {
    this.#open.set(callback.task_id, callback)
    this.#schedule()
  }

  #rouse(): void {
    this.#changed?.resolve()
    this.#changed = null
  }
}

/** `askedMs`: how long to wait at least before the next. */
type Sent = { readonly askedMs: number } & (
  | { readonly status: number; readonly error?: never }
  | { readonly error: AppError; readonly status?: never }
)

/** What comes next, where that is something else than the answer says. */
function told(before: KeptCallback, after: KeptCallback): OutboundDecision[] {
  const attempt = before.attempts + 1
  const facts = { service: 'callback', endpoint: `POST ${hostOf(after.url)}`, attempt }
  if (after.state === 'gave_up') return [{ ...facts, decision: 'gave_up' }]
  return after.next_at === null ? [] : [{ ...facts, decision: 'retry', next_at: after.next_at }]
}

function eventOf(task: Task, data: OutboundDecision): Parameters<TaskRepo['addEvents']>[0][number] {
  const now = Date.now()
  return {
    id: uuidV7(),
    task_id: task.task_id,
    number: numberedByStore,
    at: new Date(now).toISOString(),
    offset_ms: now - Date.parse(task.created_at),
    kind: 'outbound',
    data,
  }
}

function failureOfStatus(status: number | undefined): Failure | null {
  if (status === undefined || (status >= 200 && status < 300)) return null
  const isRedirect = status >= 300 && status < 400
  return {
    code: `http_${status}`,
    message: `The receiver answered with HTTP ${status}.`,
    hint: isRedirect ? 'Redirect with 307 or 308, which keep the method.' : 'Look at the log of the receiver.',
  }
}

function wireCallback({ url, ...callback }: KeptCallback): Callback {
  return { ...callback, host: hostOf(url) }
}

function hostOf(url: string): string {
  return new URL(url).host
}
