import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import { isoNow } from '../../shared/iso-now.ts'
import { isFinished, type Progress, type TaskEvent, type TaskSummary } from '../../shared/task.ts'
import type { Masker } from '../secrets/masker.ts'
import { numberedByStore } from '../store/event-number.ts'
import { isImplied, statusEvent } from '../store/implied-events.ts'

/** A task that is not finished yet: its summary, its time line so far, and who watches. */
export class LiveTask {
  readonly events: TaskEvent[] = []
  summary: TaskSummary
  readonly #masker: Masker
  #startedAt = performance.now()
  #isCancelled = false
  // Made when somebody wants them: most calls come and go unwatched.
  #abort: AbortController | null = null
  #onCancel: (() => void) | null = null
  #finished: PromiseWithResolvers<void> | null = null
  #wake: PromiseWithResolvers<void> | null = null

  constructor(summary: TaskSummary, masker: Masker) {
    this.#masker = masker
    const action = masker.text(summary.action)
    this.summary = action === summary.action ? summary : { ...summary, action }
  }

  get isCancelled(): boolean {
    return this.#isCancelled
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#isCancelled) this.#abort.abort()
    return this.#abort.signal
  }

  /** Told of a cancellation from now on, instead of who was told before. */
  onCancel(listener: () => void): void {
    this.#onCancel = listener
  }

  cancel(): void {
    this.#isCancelled = true
    this.#abort?.abort()
    this.#onCancel?.()
  }

  /** Resolves once its end is on record. */
  get finished(): Promise<void> {
    this.#finished ??= Promise.withResolvers()
    if (this.isFinished) this.#finished.resolve()
    return this.#finished.promise
  }

  get id(): TaskId {
    return this.summary.task_id
  }

  get isFinished(): boolean {
    return isFinished(this.summary.status)
  }

  /** Milliseconds since its creation, by the monotonic clock. */
  get ageMs(): number {
    return Math.round((performance.now() - this.#startedAt) * 1000) / 1000
  }

  /** Puts an entry on the time line. */
  note(kind: TaskEvent['kind'], data: TaskEvent['data']): TaskEvent {
    const event: TaskEvent = {
      id: uuidV7(),
      task_id: this.id,
      number: this.isFinished ? numberedByStore : this.events.length + 1,
      at: isoNow(),
      offset_ms: this.ageMs,
      kind,
      data: this.#masker.json(data),
    }
    this.events.push(event)
    return event
  }

  /** Puts a status whose time is known on the time line; its entry is to be kept where the row of the task does not imply it. */
  noteStatus(status: TaskSummary['status'], at: string, offsetMs: number): TaskEvent[] {
    const event = statusEvent(this.id, this.events.length + 1, status, at, offsetMs)
    this.events.push(event)
    return isImplied(event) ? [] : [event]
  }

  /** It is over, and on record as such. */
  end(): void {
    this.#finished?.resolve()
  }

  patch(patch: Partial<TaskSummary>): void {
    this.summary = { ...this.summary, ...patch }
  }

  setProgress(progress: Progress): void {
    this.patch({ progress: this.#masker.json(progress) })
  }

  /** Lets every watcher look again. */
  rouse(): void {
    this.#wake?.resolve()
    this.#wake = null
  }

  /** Resolves at the next change. */
  get changed(): Promise<void> {
    this.#wake ??= Promise.withResolvers()
    return this.#wake.promise
  }
}
