import { failureOf } from '../../shared/app-error.ts'
import type { TaskId } from '../../shared/ids.ts'
import { isoNow } from '../../shared/iso-now.ts'
import { isFinished, type TaskEvent, type TaskSummary } from '../../shared/task.ts'
import type { GatedCall } from '../limits/gated-call.ts'
import type { NewTaskRow, TaskRepo } from '../store/store.ts'
import type { ForwardedCall, QuestionWatch } from './forwarded-call.ts'
import type { LiveTask } from './live-task.ts'
import type { Outcome } from './outcome.ts'
import { ProgressThrottle } from './progress-throttle.ts'

interface Parts {
  readonly tasks: Pick<TaskRepo, 'insert' | 'update' | 'addEvents'>
  onChange(task: TaskSummary, isNew: boolean): void
}

type End = Pick<TaskSummary, 'status' | 'finished_at' | 'duration_ms' | 'error_code'>

/** The tasks that are not finished: what happens to one is noted on it, recorded, and told to whoever watches. */
export class LiveTasks {
  readonly #parts: Parts
  readonly #live = new Map<TaskId, LiveTask>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get(id: TaskId): LiveTask | undefined {
    return this.#live.get(id)
  }

  get all(): LiveTask[] {
    return [...this.#live.values()]
  }

  /** Whether no other task is live beside this one. */
  isAlone(): boolean {
    return this.#live.size === 1
  }

  /** Known from here on: who ends the program waits for it. */
  add(live: LiveTask): void {
    this.#live.set(live.id, live)
  }

  /** It could not be recorded, so it never was. */
  drop(live: LiveTask): void {
    this.#live.delete(live.id)
    live.rouse()
    live.end()
  }

  /**
   * Puts one on record with its first entry, then tells of it. It is live before it can be read, so that whoever finds it on record
   * can follow it to its end.
   */
  async begin(live: LiveTask, row: NewTaskRow, first: TaskEvent): Promise<void> {
    this.add(live)
    try {
      await this.#parts.tasks.insert(row, [first])
    } catch (error) {
      this.drop(live)
      throw error
    }
    this.announce(live, true)
  }

  announce(live: LiveTask, isNew = false): void {
    this.#parts.onChange(live.summary, isNew)
    live.rouse()
  }

  /** Adds to the stored time line beside the call; a failure to do so is told by the store's own banner. */
  append(live: LiveTask, kind: TaskEvent['kind'], data: TaskEvent['data']): void {
    const event = live.note(kind, data)
    live.rouse()
    this.#parts.tasks.addEvents([event]).catch(() => {})
  }

  async setStatus(live: LiveTask, status: TaskSummary['status']): Promise<void> {
    live.patch({ status })
    await this.#parts.tasks.update(live.id, { status }, [live.note('status', { status })])
    this.announce(live)
    this.#tellParent(live)
  }

  /** Work of our own is begun: nothing leaves for a server. */
  async run(live: LiveTask): Promise<void> {
    const begun = { status: 'running' as const, started_at: isoNow() }
    live.patch(begun)
    await this.#parts.tasks.update(live.id, begun, [live.note('status', { status: begun.status })])
    this.announce(live)
  }

  /** On record before the call leaves: after a death in between we say that it may have been sent, never that it was not. */
  async markSent(live: LiveTask, run_id: TaskSummary['run_id']): Promise<void> {
    const begun = { status: 'running' as const, started_at: isoNow(), run_id }
    live.patch(begun)
    const event = live.note('status', { status: begun.status })
    await this.#parts.tasks.update(live.id, { ...begun, sent: true }, [event])
    this.announce(live)
  }

  async finish(live: LiveTask, outcome: Outcome): Promise<void> {
    const finished_at = isoNow()
    const duration_ms = live.ageMs
    const event = live.note('status', { status: outcome.status })
    let error_code = outcome.error?.code ?? null
    try {
      await this.#parts.tasks.update(live.id, { ...outcome, finished_at, duration_ms }, [event])
    } catch (error) {
      // The store has failed: the person is told the true end all the same, and that it is not on record.
      error_code = failureOf(error).code
    }
    this.ended(live, { status: outcome.status, finished_at, duration_ms, error_code })
  }

  ended(live: LiveTask, end: End): void {
    live.patch(end)
    this.#live.delete(live.id)
    this.announce(live)
    this.#tellParent(live)
    live.end()
  }

  throttle(live: LiveTask): ProgressThrottle {
    return new ProgressThrottle((progress, skipped) => {
      const event = live.note('progress', { ...progress, skipped })
      live.setProgress(progress)
      this.announce(live)
      return this.#parts.tasks.update(live.id, { progress }, [event])
    })
  }

  /** A call that waits for its client shows it, and each question stands on its time line. */
  questionWatch(live: LiveTask): QuestionWatch {
    let open = 0
    const note = (data: Record<string, unknown>): void => {
      // Whoever asked may hear the answer after the call was cancelled.
      if (isFinished(live.summary.status)) return
      const status = open > 0 ? 'input_required' : 'running'
      if (status === live.summary.status) {
        this.append(live, 'child_question', data)
        return
      }
      const events = [live.note('child_question', data), live.note('status', { status })]
      this.#showStatus(live, status, events)
    }
    return {
      asked: (method, params) => {
        open++
        note({ method, params })
      },
      answered: (method, params, answer) => {
        open--
        note({ method, params, answer })
      },
    }
  }

  /** The task as limits and approvals see it; `onProgress` reaches the client that waits for it. */
  gated(live: LiveTask, argumentsText: string, onProgress?: ForwardedCall['onProgress']): GatedCall {
    let pings = 0
    return {
      id: live.id,
      get isCancelled() {
        return live.isCancelled
      },
      get signal() {
        return live.signal
      },
      argumentsText,
      note: (kind, data) => this.append(live, kind, data),
      setStatus: (status) => this.setStatus(live, status),
      ping: (message) => {
        // It must rise, and stay below whatever the server will say of its own progress.
        const progress = ++pings / 1_000_000
        onProgress?.(JSON.stringify({ progressToken: 0, progress, message }), { progress, total: null, message })
      },
    }
  }

  /** A task whose child waits for a person waits with it. */
  #tellParent({ summary: { parent_id } }: LiveTask): void {
    if (parent_id === null) return
    const parent = this.#live.get(parent_id)
    if (parent === undefined || parent.summary.status === 'queued') return
    const isWaiting = this.all.some(
      ({ summary }) => summary.parent_id === parent_id && summary.status === 'input_required',
    )
    const status = isWaiting ? 'input_required' : 'running'
    if (parent.summary.status !== status) this.#showStatus(parent, status, [parent.note('status', { status })])
  }

  /** A failure is told by the store's own banner, as for all that stands beside a call. */
  #showStatus(live: LiveTask, status: TaskSummary['status'], events: TaskEvent[]): void {
    live.patch({ status })
    this.announce(live)
    this.#parts.tasks.update(live.id, { status }, events).catch(() => {})
    this.#tellParent(live)
  }
}
