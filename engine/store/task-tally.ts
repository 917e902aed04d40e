import type { Kysely } from 'kysely'
import type { PreciousSchema } from './schema.ts'
import type { Combination } from './task-facets.ts'

/** Reads `task_tallies`, which `TaskWriter` keeps equal to the tasks. */
export class TaskTally {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
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
