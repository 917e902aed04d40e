import { type Expression, type ExpressionBuilder, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { TaskFilter } from '../../shared/contract.ts'
import type { AgentTaskTable, PreciousSchema } from './schema.ts'
import { facetsOf } from './task-facets.ts'
import type { TaskTally } from './task-tally.ts'
import { containsText } from './text-search.ts'

type Tasks = Pick<PreciousSchema, 'agent_tasks'>
type Column = keyof AgentTaskTable & string

/** How SQLite should go about a list: SQLite cannot know how many rows a filter leaves, the tally does. */
export interface ListPlan {
  order: 'id' | RawBuilder<string>
  /** Whether the filter's indexes may be used, or the newest rows are walked until the page is full. */
  indexed: boolean
}

/** As many as are sorted in passing. */
const few = 5_000

/** Whether the tally alone can tell how many tasks a filter leaves. */
export function isTallied({ since, until, q }: TaskFilter): boolean {
  return since === undefined && until === undefined && q === undefined
}

export async function listPlan(db: Kysely<PreciousSchema>, tally: TaskTally, filter: TaskFilter): Promise<ListPlan> {
  const lists = [filter.status, filter.agent, filter.action, filter.origin].filter((list) => list !== undefined)
  const isTimed = filter.since !== undefined || filter.until !== undefined
  // One value a column: an index gives the rows in their order, however many there are.
  if (!isTimed && lists.every((list) => list.length === 1)) return { order: 'id', indexed: true }
  const isFew =
    (lists.length > 0 && facetsOf(await tally.all(), filter).total <= few) || (isTimed && (await isShort(db, filter)))
  return isFew ? { order: withoutIndex('id'), indexed: true } : { order: 'id', indexed: false }
}

/** The filter as a condition. `since` belongs to it, `until` no longer. */
export function whereTasks(filter: TaskFilter, { indexed }: ListPlan) {
  return ({ and }: ExpressionBuilder<Tasks, 'agent_tasks'>): Expression<SqlBool> => {
    const column = (name: Column): RawBuilder<string> => (indexed ? sql<string>`${sql.ref(name)}` : withoutIndex(name))
    const conditions: Expression<SqlBool>[] = []
    const oneOf = (name: Column, values: readonly string[] | undefined): void => {
      if (values) conditions.push(sql<SqlBool>`${column(name)} in (${sql.join([...values])})`)
    }
    oneOf('status', filter.status)
    oneOf('agent_name', filter.agent)
    oneOf('action', filter.action)
    oneOf('origin', filter.origin)
    if (filter.since !== undefined) conditions.push(sql<SqlBool>`${column('created_at')} >= ${atMs(filter.since)}`)
    if (filter.until !== undefined) conditions.push(sql<SqlBool>`${column('created_at')} < ${atMs(filter.until)}`)
    if (filter.q !== undefined) conditions.push(mentions(filter.q))
    return and(conditions)
  }
}

/** Bodies are stored as JSON, where a quote or a line end is written with a backslash. */
function mentions(q: string): Expression<SqlBool> {
  const inJson = JSON.stringify(q).slice(1, -1)
  const places = [
    containsText('action', q),
    containsText('input', inJson),
    containsText('output', inJson),
    containsText('error', inJson),
  ]
  return sql<SqlBool>`(${sql.join(places, sql` or `)})`
}

async function isShort(db: Kysely<PreciousSchema>, { since, until }: TaskFilter): Promise<boolean> {
  const inSpan = db
    .selectFrom('agent_tasks')
    .select('created_at')
    .where(whereTasks({ since, until }, { order: 'id', indexed: true }))
    .limit(few + 1)
  const row = await db
    .selectFrom(inSpan.as('in_span'))
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return row.rows <= few
}

/** Times are compared as texts, so all need the milliseconds that ours have. */
function atMs(time: string): string {
  return new Date(time).toISOString()
}

/** To SQLite an expression is no column, so no index of that column is looked at. */
function withoutIndex(name: Column): RawBuilder<string> {
  return sql<string>`+${sql.ref(name)}`
}
