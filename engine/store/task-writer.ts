import { AppError } from '../../shared/app-error.ts'
import type { TaskId } from '../../shared/ids.ts'
import { isFinished, type TaskEvent } from '../../shared/task.ts'
import { bulkInsert } from './bulk-insert.ts'
import { CallWindows } from './call-windows.ts'
import { numberedByStore } from './event-number.ts'
import { numberAfter } from './implied-events.ts'
import type { TaskWrite } from './journal-record.ts'
import type { Sqlite } from './sqlite.ts'
import { StoreFacts } from './store-facts.ts'
import { type ChainEntry, nextEntry, type TaskRow } from './task-chain.ts'
import type { Combination } from './task-facets.ts'
import { fromEvent, fromNewTask, fromPatch } from './task-row.ts'

/** A task that a group of writes touches. */
interface Touched {
  row: TaskRow
  /** As the database has it; null for a new task. */
  before: TaskRow | null
}

const columns = [
  'id',
  'agent_name',
  'action',
  'status',
  'origin',
  'parent_id',
  'rerun_of',
  'run_id',
  'created_at',
  'started_at',
  'finished_at',
  'updated_at',
  'duration_ms',
  'timeout_ms',
  'sent',
  'error_code',
  'progress',
  'input',
  'output',
  'error',
] as const satisfies readonly (keyof TaskRow)[]

/** What an update can change. */
const changeable = [
  'status',
  'run_id',
  'started_at',
  'finished_at',
  'updated_at',
  'duration_ms',
  'sent',
  'error_code',
  'progress',
  'output',
  'error',
] as const satisfies readonly (keyof TaskRow)[]

const eventColumns = ['task_id', 'number', 'id', 'at', 'offset_ms', 'kind', 'data'] as const

/**
 * Writes tasks, their events, their tally, their chain and their windows. A group of writes is folded first, so that a task that
 * comes and ends within one costs one row; the statements are fixed and prepared once. Runs in the caller's
 * transaction, and throws where any of the group cannot be.
 */
export class TaskWriter {
  readonly #facts: StoreFacts
  readonly #windows: CallWindows
  readonly #find: (id: string) => TaskRow | null
  readonly #insert: (values: unknown[]) => void
  readonly #update: (values: unknown[]) => void
  readonly #addEvents: (rows: unknown[][]) => void
  readonly #nextNumber: (taskId: string) => number
  readonly #addToTally: (values: unknown[]) => void
  readonly #addToChain: (rows: unknown[][]) => void
  readonly #lastEntry: () => ChainEntry | null
  /** Told the creation time of each task that has changed. */
  readonly #onChange: (createdAt: string) => void

  constructor(sqlite: Sqlite, onChange: (createdAt: string) => void) {
    const run = (text: string): ((values: unknown[]) => void) => {
      const statement = sqlite.prepare(text)
      return (values) => void statement.run(values)
    }
    this.#facts = new StoreFacts(sqlite)
    this.#windows = new CallWindows(sqlite)
    this.#onChange = onChange
    const find = sqlite.prepare('select * from agent_tasks where id = ?')
    this.#find = (id) => (find.get(id) as TaskRow | undefined) ?? null
    this.#insert = run(`insert into agent_tasks (${columns.join()}) values (${columns.map(() => '?').join()})`)
    this.#update = run(`update agent_tasks set ${changeable.map((name) => `${name} = ?`).join()} where id = ?`)
    this.#addEvents = bulkInsert(sqlite, 'task_events', eventColumns)
    const last = sqlite.prepare('select max(number) from task_events where task_id = ?').pluck()
    this.#nextNumber = (taskId) => numberAfter(last.get(taskId) as number | null, true)
    this.#addToTally = run(
      `insert into task_tallies (agent_name, action, origin, status, count) values (?, ?, ?, ?, ?)
       on conflict do update set count = count + excluded.count`,
    )
    this.#addToChain = bulkInsert(sqlite, 'task_chain', ['number', 'task_id', 'content', 'link'])
    const lastEntry = sqlite.prepare('select * from task_chain order by number desc limit 1')
    this.#lastEntry = () => (lastEntry.get() as ChainEntry | undefined) ?? null
  }

  /** AppError `unknown_task`, `task_exists`, `task_finished`; or what SQLite throws. */
  apply(writes: readonly TaskWrite[]): void {
    const touched = new Map<string, Touched>()
    const events: TaskEvent[] = []
    const finished: TaskRow[] = []
    for (const write of writes) {
      const task = this.#fold(write, touched)
      if (task && write.kind === 'update' && isFinished(task.status)) finished.push(task)
      events.push(...write.events)
    }
    for (const task of touched.values()) this.#store(task)
    // After the tasks, to which they refer.
    this.#addEvents(events.filter(({ number }) => number !== numberedByStore).map(eventValues))
    for (const event of events) {
      if (event.number !== numberedByStore) continue
      this.#addEvents([eventValues({ ...event, number: this.#nextNumber(event.task_id) })])
    }
    this.#tally(touched.values())
    this.#chain(finished)
    this.#windows.add(finished)
  }

  /** Brings one write into the group; the task that it changed. */
  #fold(write: TaskWrite, touched: Map<string, Touched>): TaskRow | null {
    switch (write.kind) {
      case 'events':
        return null
      case 'insert': {
        const row = fromNewTask(write.row)
        if (touched.has(row.id)) throw new AppError('task_exists', `There is a task ${row.id} already`, { status: 409 })
        touched.set(row.id, { row, before: null })
        return row
      }
      case 'call': {
        const task = this.#fold({ ...write, kind: 'insert' }, touched)!
        const { started_at, run_id } = write.sent
        return Object.assign(task, { status: 'running', started_at, run_id, sent: 1 })
      }
      case 'update': {
        const task = touched.get(write.id) ?? this.#load(write.id, touched)
        if (isFinished(task.row.status)) throw finishedTask(write.id)
        const updated_at =
          write.events.at(-1)?.at ?? write.patch.finished_at ?? write.patch.started_at ?? task.row.updated_at
        Object.assign(task.row, fromPatch(write.patch), { updated_at })
        return task.row
      }
      default:
        return write satisfies never
    }
  }

  #load(id: TaskId, touched: Map<string, Touched>): Touched {
    const before = this.#find(id)
    if (before === null) throw new AppError('unknown_task', `There is no task ${id}`, { status: 404 })
    const task = { row: { ...before }, before }
    touched.set(id, task)
    return task
  }

  #store({ row, before }: Touched): void {
    if (before === null) this.#insert(columns.map((name) => row[name]))
    else this.#update([...changeable.map((name) => row[name]), row.id])
    this.#onChange(row.created_at)
  }

  #tally(tasks: Iterable<Touched>): void {
    const changes = new Map<string, Combination>()
    const add = ({ agent_name, action, origin, status }: TaskRow, count: 1 | -1): void => {
      const key = JSON.stringify([agent_name, action, origin, status])
      const known = changes.get(key)
      if (known) known.count += count
      else changes.set(key, { agent_name, action, origin, status, count })
    }
    for (const { row, before } of tasks) {
      if (row.status === before?.status) continue
      if (before !== null) add(before, -1)
      add(row, 1)
    }
    for (const { agent_name, action, origin, status, count } of changes.values()) {
      if (count !== 0) this.#addToTally([agent_name, action, origin, status, count])
    }
  }

  #chain(finished: readonly TaskRow[]): void {
    if (finished.length === 0) return
    let before: Pick<ChainEntry, 'number' | 'link'> = this.#lastEntry() ?? this.#facts.anchor
    const entries = finished.map((row) => {
      const entry = nextEntry(before, row)
      before = entry
      return [entry.number, entry.task_id, entry.content, entry.link]
    })
    this.#addToChain(entries)
  }
}

function eventValues(event: TaskEvent): unknown[] {
  const row = fromEvent(event)
  return eventColumns.map((name) => row[name])
}

function finishedTask(id: TaskId): AppError {
  return new AppError('task_finished', `Task ${id} has finished and no longer changes`, { status: 409 })
}
