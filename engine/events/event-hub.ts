import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import { applyEvent, applyTasks, type EngineEvent, type Snapshot, type StreamMessage } from '../../shared/snapshot.ts'
import type { TaskSummary } from '../../shared/task.ts'

/** How long changes are gathered before a reader gets them together. */
const batchMs = 50
/** So many tasks are gathered at most. */
const mostGathered = 500
/** The same where nobody reads: more are told whoever comes back in a fresh snapshot, and none of them is kept. */
const mostUnread = 64
/** Events kept for readers that come back; a reader further behind gets a fresh snapshot. */
const kept = 1_000

/**
 * The engine's one list of facts: folds each event into the snapshot with the same function that the page uses, numbers
 * it, and lets any number of readers follow. A slow reader costs nothing: it has a cursor, not a queue.
 */
export class EventHub {
  readonly epoch = uuidV7()
  #snapshot: Snapshot
  #seq = 0
  #events: EngineEvent[] = []
  #wake = Promise.withResolvers<void>()
  /** Tasks as they are now, since the last time that they were counted as events: most change twice within a millisecond. */
  #tasks = new Map<TaskId, TaskSummary>()
  #tasksTotal: number
  #timer: NodeJS.Timeout | null = null
  #readers = 0
  readonly #taskListeners = new Set<(tasks: readonly TaskSummary[]) => void>()

  constructor(initial: Snapshot) {
    this.#snapshot = initial
    this.#tasksTotal = initial.tasks_total
  }

  get snapshot(): Snapshot {
    this.#countTasks()
    return this.#snapshot
  }

  publish(event: EngineEvent): void {
    this.#countTasks()
    this.#snapshot = applyEvent(this.#snapshot, event)
    this.#count(event)
    this.#rouse()
  }

  /** A task changed. Published within 50 ms where somebody reads, or with what is asked for next; only its last state. */
  taskChanged(task: TaskSummary, isNew: boolean): void {
    if (isNew) this.#tasksTotal++
    this.#tasks.delete(task.task_id)
    this.#tasks.set(task.task_id, task)
    if (this.#tasks.size >= (this.#readers > 0 ? mostGathered : mostUnread)) this.#countTasks()
    else if (this.#readers > 0) this.#timer ??= setTimeout(() => this.#countTasks(), batchMs)
  }

  /** Told of all changes, many at a time and each task once, with its last state: late where nobody asks for the snapshot. */
  onTasks(listener: (tasks: readonly TaskSummary[]) => void): Disposable {
    this.#taskListeners.add(listener)
    return { [Symbol.dispose]: () => void this.#taskListeners.delete(listener) }
  }

  #countTasks(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#tasks.size === 0) return
    const tasks = [...this.#tasks.values()]
    const tasks_total = this.#tasksTotal
    this.#tasks.clear()
    this.#snapshot = applyTasks(this.#snapshot, tasks, tasks_total)
    if (this.#readers === 0 && tasks.length >= mostUnread) this.#passOver(tasks.length)
    else for (const task of tasks) this.#count({ type: 'task.changed', task, tasks_total })
    for (const tell of this.#taskListeners) tell(tasks)
    this.#rouse()
  }

  /** So many events are not kept, nor those before them, which are of no use without. */
  #passOver(events: number): void {
    this.#seq += events
    this.#events = []
  }

  #count(event: EngineEvent): void {
    this.#seq += 1
    this.#events.push(event)
    if (this.#events.length > kept * 2) this.#events.splice(0, this.#events.length - kept)
  }

  /** A snapshot or the missing changes first, then changes as they come, until the signal fires. */
  async *follow(from: { epoch?: string; after?: number }, signal: AbortSignal): AsyncGenerator<StreamMessage, void> {
    this.#countTasks()
    this.#readers++
    try {
      yield* this.#follow(from, signal)
    } finally {
      this.#readers--
    }
  }

  async *#follow(from: { epoch?: string; after?: number }, signal: AbortSignal): AsyncGenerator<StreamMessage, void> {
    let cursor = from.epoch === this.epoch && from.after !== undefined && from.after <= this.#seq ? from.after : null
    signal.addEventListener('abort', () => this.#rouse(), { once: true })
    while (!signal.aborted) {
      if (cursor === null || this.#seq - cursor > this.#events.length) {
        cursor = this.#seq
        yield { kind: 'snapshot', epoch: this.epoch, seq: cursor, snapshot: this.#snapshot }
      } else if (cursor < this.#seq) {
        const events = coalesced(this.#events.slice(cursor - this.#seq))
        cursor = this.#seq
        yield { kind: 'changes', epoch: this.epoch, seq: cursor, events }
        await delay(batchMs)
      } else {
        await this.#wake.promise
      }
    }
  }

  /** Lets every waiting reader look again. */
  #rouse(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }
}

/** Only the last value of each thing: events carry whole values, so that the ones before say nothing more. */
function coalesced(events: EngineEvent[]): EngineEvent[] {
  const last = new Map<unknown, EngineEvent>()
  for (const event of events) {
    const key = keyOf(event)
    last.delete(key)
    last.set(key, event)
  }
  return [...last.values()]
}

/** The thing that an event tells of: there may be many of a kind, and each keeps its last word. */
function keyOf(event: EngineEvent): unknown {
  switch (event.type) {
    case 'server.changed':
      return `server ${event.server.id}`
    case 'server.removed':
      return `server ${event.id}`
    case 'task.changed':
      return `task ${event.task.task_id}`
    case 'client.changed':
      return `client ${event.client.id}`
    case 'client.removed':
      return `client ${event.id}`
    case 'profile.changed':
      return `profile ${event.profile.id}`
    case 'profile.removed':
      return `profile ${event.id}`
    case 'rule.changed':
      return `rule ${event.rule.id}`
    case 'rule.removed':
      return `rule ${event.id}`
    case 'approval.held':
      return `approval ${event.approval.id}`
    case 'approval.settled':
      return `approval ${event.id}`
    case 'sign_in.changed':
      return `sign-in ${event.sign_in.server}`
    case 'delivery.changed':
      return `delivery ${event.delivery.id}`
    case 'notice.raised':
      return event
    case 'attention.changed':
    case 'config.changed':
    case 'banner.changed':
    case 'day.changed':
    case 'settings.changed':
    case 'questions.changed':
    case 'webhook_sources.changed':
    case 'url.changed':
      return event.type
    default:
      return event satisfies never
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
