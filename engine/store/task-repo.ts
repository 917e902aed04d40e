import type { Kysely } from 'kysely'
import type { TaskFilter } from '../../shared/contract.ts'
import type { TaskId } from '../../shared/ids.ts'
import type { DayStats } from '../../shared/snapshot.ts'
import type { Task, TaskEvent, TaskSummary } from '../../shared/task.ts'
import { DayFigures } from './day-figures.ts'
import { impliedEvents } from './implied-events.ts'
import { interruption } from './interruption.ts'
import { decodeId, pageOf } from './keyset.ts'
import type { PreciousSchema } from './schema.ts'
import type { Sqlite } from './sqlite.ts'
import type { NewTaskRow, Page, TaskFacets, TaskPatch, TaskRepo, ToolUse } from './store.ts'
import { type Combination, facetsOf } from './task-facets.ts'
import { isTallied, listPlan, whereTasks } from './task-query.ts'
import { summaryColumns, toEvent, toSummary, toTask } from './task-row.ts'
import { TaskTally } from './task-tally.ts'
import { TaskWriter } from './task-writer.ts'

/** Finished tasks that are looked at together. */
const chainStep = 200

/** Tasks and their events. Each method is one transaction of the worker. */
export class SqlTaskRepo implements TaskRepo {
  readonly #db: Kysely<PreciousSchema>
  readonly #tally: TaskTally
  readonly #day: DayFigures
  readonly #writer: TaskWriter

  constructor(sqlite: Sqlite, db: Kysely<PreciousSchema>) {
    this.#db = db
    this.#tally = new TaskTally(db)
    this.#day = new DayFigures(db)
    this.#writer = new TaskWriter(sqlite, (createdAt) => this.#day.forget(createdAt))
  }

  get writer(): TaskWriter {
    return this.#writer
  }

  async insert(row: NewTaskRow, events: TaskEvent[]): Promise<void> {
    this.#writer.apply([{ kind: 'insert', row, events }])
  }

  async update(id: TaskId, patch: TaskPatch, events: TaskEvent[]): Promise<void> {
    this.#writer.apply([{ kind: 'update', id, patch, events }])
  }

  async addEvents(events: TaskEvent[]): Promise<void> {
    this.#writer.apply([{ kind: 'events', events }])
  }

  async get(id: TaskId): Promise<Task | null> {
    const row = await this.#db.selectFrom('agent_tasks').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? toTask(row) : null
  }

  async list({
    before,
    limit,
    ...filter
  }: TaskFilter & { before?: string; limit: number }): Promise<Page<TaskSummary>> {
    const plan = await listPlan(this.#db, this.#tally, filter)
    let query = this.#db.selectFrom('agent_tasks').select(summaryColumns).where(whereTasks(filter, plan))
    if (before !== undefined) query = query.where('id', '<', decodeId(before))
    const rows = await query
      .orderBy(plan.order, 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(toSummary), limit, (task) => task.task_id)
  }

  async facets(filter: TaskFilter): Promise<TaskFacets> {
    return facetsOf(isTallied(filter) ? await this.#tally.all() : await this.#combinations(filter), filter)
  }

  async events(id: TaskId, after = 0): Promise<TaskEvent[]> {
    const rows = await this.#db
      .selectFrom('task_events')
      .selectAll()
      .where('task_id', '=', id)
      .where('number', '>', after)
      .orderBy('number')
      .execute()
    const stored = rows.map(toEvent)
    const task = await this.#db
      .selectFrom('agent_tasks')
      .select(['status', 'created_at', 'started_at', 'finished_at', 'duration_ms'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (task === undefined) return stored
    return [...impliedEvents({ id, ...task }, stored, after), ...stored].sort((one, other) => one.number - other.number)
  }

  async count(): Promise<number> {
    return this.#tally.total()
  }

  async interruptOpen(at: string): Promise<number> {
    const open = await this.#db
      .selectFrom('agent_tasks')
      .select(({ selectFrom }) => [
        'id',
        'agent_name',
        'action',
        'origin',
        'created_at',
        'sent',
        selectFrom('task_events')
          .whereRef('task_id', '=', 'agent_tasks.id')
          .select(({ fn }) => fn.max('number').as('number'))
          .as('last_number'),
      ])
      .where('status', 'in', ['queued', 'running', 'input_required'])
      .execute()
    for (const task of open) {
      const { patch, event } = interruption(task, at)
      await this.update(event.task_id, patch, [event])
    }
    return open.length
  }

  /** Back along the chain, which has the order of their ends: no index is kept of the time. */
  async endedSince(at: string, most: number): Promise<TaskSummary[]> {
    const found: TaskSummary[] = []
    for (let before = Number.MAX_SAFE_INTEGER; found.length < most; ) {
      const rows = await this.#db
        .selectFrom('task_chain')
        .innerJoin('agent_tasks', 'agent_tasks.id', 'task_chain.task_id')
        .select([...summaryColumns, 'task_chain.number'])
        .where('task_chain.number', '<', before)
        .orderBy('task_chain.number', 'desc')
        .limit(chainStep)
        .execute()
      const late = rows.filter(({ finished_at }) => finished_at !== null && finished_at >= at)
      found.push(...late.map(toSummary))
      // Two that end in one moment may stand the other way round, and no more than that.
      if (late.length === 0 || rows.length < chainStep) break
      before = rows.at(-1)!.number
    }
    return found.slice(0, most).reverse()
  }

  async day(now: string): Promise<DayStats> {
    return this.#day.until(now)
  }

  async use(since: string): Promise<ToolUse[]> {
    return this.#db
      .selectFrom('agent_tasks')
      .select(({ fn }) => [
        'agent_name as agent',
        'action',
        'origin',
        fn.countAll<number>().as('calls'),
        fn.max('created_at').as('last_at'),
      ])
      .where('created_at', '>=', since)
      .groupBy(['agent_name', 'action', 'origin'])
      .execute()
  }

  /** The combinations among the tasks of a time and a text; the rest of the filter is left to the facets. */
  async #combinations({ since, until, q }: TaskFilter): Promise<Combination[]> {
    return this.#db
      .selectFrom('agent_tasks')
      .select(({ fn }) => ['agent_name', 'action', 'origin', 'status', fn.countAll<number>().as('count')])
      .where(whereTasks({ since, until, q }, { order: 'id', indexed: true }))
      .groupBy(['agent_name', 'action', 'origin', 'status'])
      .execute()
  }
}
