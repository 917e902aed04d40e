import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import { isFinished, type Progress, type TaskEvent, type TaskSummary } from '../../shared/task.ts'
import type { Masker } from '../secrets/masker.ts'

/** A task that is not finished yet: its summary, its time line so far, and who watches. */
export class LiveTask {
  readonly abort = new AbortController()
  readonly finished = Promise.withResolvers<void>()
  readonly events: TaskEvent[] = []
  summary: TaskSummary
  readonly #masker: Masker
  #startedAt = performance.now()
  #wake = Promise.withResolvers<void>()

  constructor(summary: TaskSummary, masker: Masker) {
    this.#masker = masker
    this.summary = { ...summary, action: masker.text(summary.action) }
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
      number: this.events.length + 1,
      at: new Date().toISOString(),
      offset_ms: this.ageMs,
      kind,
      data: this.#masker.json(data),
    }
    this.events.push(event)
    return event
  }

  patch(patch: Partial<TaskSummary>): void {
    this.summary = { ...this.summary, ...patch }
  }

  setProgress(progress: Progress): void {
    this.patch({ progress: this.#masker.json(progress) })
  }

  /** Lets every watcher look again. */
  rouse(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }

  /** Resolves at the next change. */
  get changed(): Promise<void> {
    return this.#wake.promise
  }
}
