import type { Kysely } from 'kysely'
import type { TaskId } from '../../shared/ids.ts'
import type { PreciousSchema } from './schema.ts'
import type { IdempotencyRepo, IdempotentRequest } from './store.ts'

const pruneEveryMs = 600_000

/** Requests that carried a key, so that the same one again makes no second task. */
export class SqlIdempotencyRepo implements IdempotencyRepo {
  readonly #db: Kysely<PreciousSchema>
  #pruneAtMs = 0

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async claim(request: IdempotentRequest, expiredBefore: string): Promise<IdempotentRequest> {
    if (Date.now() >= this.#pruneAtMs) {
      this.#pruneAtMs = Date.now() + pruneEveryMs
      await this.#db.deleteFrom('idempotency_keys').where('created_at', '<', expiredBefore).execute()
    }
    await this.#db
      .insertInto('idempotency_keys')
      .values(request)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute()
    const standing = await this.#db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('key', '=', request.key)
      .executeTakeFirstOrThrow()
    return { ...standing, task_id: standing.task_id as TaskId }
  }

  async release({ key, task_id }: IdempotentRequest): Promise<void> {
    await this.#db.deleteFrom('idempotency_keys').where('key', '=', key).where('task_id', '=', task_id).execute()
  }
}
