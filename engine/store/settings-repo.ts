import type { Kysely } from 'kysely'
import type { PreciousSchema } from './schema.ts'
import type { SettingsRepo } from './store.ts'

/** Settings as JSON by key; a key that was never set is `undefined`. */
export class SqlSettingsRepo implements SettingsRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async get(key: string): Promise<unknown> {
    const row = await this.#db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
    return row && JSON.parse(row.value)
  }

  async set(key: string, value: unknown): Promise<void> {
    const text = JSON.stringify(value ?? null)
    await this.#db
      .insertInto('settings')
      .values({ key, value: text })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
      .execute()
  }
}
