import type { Kysely, Selectable } from 'kysely'
import type { TaskId } from '../../shared/ids.ts'
import type { CallbackDeliveryTable, PreciousSchema } from './schema.ts'
import type { CallbackRepo, KeptCallback } from './store.ts'

const pruneEveryMs = 600_000

/** Callbacks that were promised, one row a task. */
export class SqlCallbackRepo implements CallbackRepo {
  readonly #db: Kysely<PreciousSchema>
  #pruneAtMs = 0

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async insert(callback: KeptCallback, endedBefore: string): Promise<void> {
    if (Date.now() >= this.#pruneAtMs) {
      this.#pruneAtMs = Date.now() + pruneEveryMs
      await this.#db.deleteFrom('callback_deliveries').where('ended_at', '<', endedBefore).execute()
    }
    await this.#db.insertInto('callback_deliveries').values(toRow(callback)).execute()
  }

  async update(callback: KeptCallback): Promise<void> {
    const { id, ...row } = toRow(callback)
    await this.#db.updateTable('callback_deliveries').set(row).where('id', '=', id).execute()
  }

  async remove(taskId: TaskId): Promise<void> {
    await this.#db.deleteFrom('callback_deliveries').where('task_id', '=', taskId).execute()
  }

  async open(): Promise<KeptCallback[]> {
    const rows = await this.#db
      .selectFrom('callback_deliveries')
      .selectAll()
      .where('ended_at', 'is', null)
      .orderBy('id')
      .execute()
    return rows.map(toCallback)
  }

  async ofTask(taskId: TaskId): Promise<KeptCallback | null> {
    const row = await this.#db
      .selectFrom('callback_deliveries')
      .selectAll()
      .where('task_id', '=', taskId)
      .executeTakeFirst()
    return row === undefined ? null : toCallback(row)
  }
}

function toRow({ last_error, ...same }: KeptCallback): CallbackDeliveryTable {
  return { ...same, last_error: last_error === null ? null : JSON.stringify(last_error) }
}

function toCallback({ last_error, ...row }: Selectable<CallbackDeliveryTable>): KeptCallback {
  return {
    ...row,
    task_id: row.task_id as TaskId,
    state: row.state as KeptCallback['state'],
    last_error: last_error === null ? null : JSON.parse(last_error),
  }
}
