import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import type { RunId, ServerId } from '../../shared/ids.ts'
import type { Run, StateName } from '../../shared/server.ts'
import type { Transition } from '../../shared/transition.ts'
import { decodeId, pageOf } from './keyset.ts'
import type { PreciousSchema, RunTable, ServerTable, TransitionTable } from './schema.ts'
import type { Page, ServerCache, ServerMemory, ServerRepo } from './store.ts'

/** Of each kind, of one server. */
const mostKept = 1000

/** What is remembered about servers, and the runs of their processes. */
export class SqlServerRepo implements ServerRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async memories(): Promise<ServerMemory[]> {
    const rows = await this.#db
      .selectFrom('servers')
      .select(['id', 'wished', 'last_call_at', 'last_error'])
      .orderBy('id')
      .execute()
    return rows.map((row) => ({
      id: row.id as ServerId,
      wished: row.wished === 1,
      last_call_at: row.last_call_at,
      last_error: row.last_error === null ? null : JSON.parse(row.last_error),
    }))
  }

  async setWish(id: ServerId, wished: boolean): Promise<void> {
    await this.#remember(id, { wished: wished ? 1 : 0 })
  }

  async setLastCall(id: ServerId, at: string): Promise<void> {
    await this.#remember(id, { last_call_at: at })
  }

  async setLastError(id: ServerId, error: ServerMemory['last_error']): Promise<void> {
    await this.#remember(id, { last_error: error === null ? null : JSON.stringify(error) })
  }

  async cache(id: ServerId): Promise<ServerCache | null> {
    const row = await this.#db.selectFrom('servers').select('cache').where('id', '=', id).executeTakeFirst()
    return row?.cache ? JSON.parse(row.cache) : null
  }

  async setCache(id: ServerId, cache: ServerCache): Promise<void> {
    await this.#remember(id, { cache: JSON.stringify(cache) })
  }

  async insertRun(run: Run): Promise<void> {
    await this.#db.insertInto('runs').values(run).execute()
    await this.#prune('runs', run.server)
  }

  async updateRun(id: RunId, patch: Partial<Omit<Run, 'id' | 'server'>>): Promise<void> {
    if (Object.values(patch).every((value) => value === undefined)) return
    await this.#db.updateTable('runs').set(patch).where('id', '=', id).execute()
  }

  async runs(id: ServerId, { before, limit }: { before?: string; limit: number }): Promise<Page<Run>> {
    let query = this.#db.selectFrom('runs').selectAll().where('server', '=', id)
    if (before !== undefined) query = query.where('id', '<', decodeId(before))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(toRun), limit, (run) => run.id)
  }

  async closeOpenRuns(at: string): Promise<Run[]> {
    const rows = await this.#db
      .updateTable('runs')
      .set({ ended_at: at, cause: 'app_died' })
      .where('ended_at', 'is', null)
      .returningAll()
      .execute()
    return rows.map(toRun).sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  async insertTransition(transition: Transition): Promise<void> {
    await this.#db.insertInto('server_transitions').values(transition).execute()
    await this.#prune('server_transitions', transition.server)
  }

  async transitions(id: ServerId, { before, limit }: { before?: string; limit: number }): Promise<Page<Transition>> {
    let query = this.#db.selectFrom('server_transitions').selectAll().where('server', '=', id)
    if (before !== undefined) query = query.where('id', '<', decodeId(before))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(toTransition), limit, (transition) => transition.id)
  }

  async #prune(table: 'runs' | 'server_transitions', server: ServerId): Promise<void> {
    const ofServer = this.#db.selectFrom(table).where('server', '=', server)
    const newestToGo = ofServer.select('id').orderBy('id', 'desc').limit(sql.lit(1)).offset(mostKept)
    await this.#db.deleteFrom(table).where('server', '=', server).where('id', '<=', newestToGo).execute()
  }

  async #remember(id: ServerId, facts: Partial<Omit<ServerTable, 'id'>>): Promise<void> {
    const row: Insertable<ServerTable> = { id, wished: 0, last_call_at: null, last_error: null, cache: null, ...facts }
    await this.#db
      .insertInto('servers')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
      .execute()
  }
}

function toTransition(row: Selectable<TransitionTable>): Transition {
  const { server, from, to, run_id } = row
  return {
    ...row,
    server: server as ServerId,
    from: from as StateName,
    to: to as StateName,
    run_id: run_id as RunId | null,
  }
}

function toRun(row: Selectable<RunTable>): Run {
  return { ...row, id: row.id as RunId, server: row.server as ServerId }
}
