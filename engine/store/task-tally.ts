import type { Kysely } from 'kysely'
import type { PreciousSchema } from './schema.ts'
import type { Combination } from './task-facets.ts'

/** Keeps `task_tallies` equal to the tasks, in the transaction of each change. */
export class TaskTally {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async add({ agent_name, action, origin, status }: Omit<Combination, 'count'>, change: 1 | -1): Promise<void> {
    await this.#db
      .insertInto('task_tallies')
      .values({ agent_name, action, origin, status, count: change })
      .onConflict((conflict) =>
        conflict
          .columns(['agent_name', 'action', 'origin', 'status'])
          .doUpdateSet(({ eb }) => ({ count: eb('task_tallies.count', '+', change) })),
      )
      .execute()
  }

  async all(): Promise<Combination[]> {
    return this.#db.selectFrom('task_tallies').selectAll().where('count', '>', 0).execute()
  }

  async total(): Promise<number> {
    const row = await this.#db
      .selectFrom('task_tallies')
      .select(({ fn }) => fn.sum<number | null>('count').as('total'))
      .executeTakeFirstOrThrow()
    return row.total ?? 0
  }
}
