import type { Kysely } from 'kysely'
import type { ServerId } from '../../shared/ids.ts'
import type { PreciousSchema } from './schema.ts'
import type { ConsentRecord, ConsentRepo } from './store.ts'

/** What people agreed to run, one row a server. */
export class SqlConsentRepo implements ConsentRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async all(): Promise<ConsentRecord[]> {
    const rows = await this.#db.selectFrom('consents').selectAll().orderBy('server').execute()
    return rows.map((row) => ({
      ...row,
      server: row.server as ServerId,
      fields: JSON.parse(row.fields),
      tools: row.tools === null ? null : JSON.parse(row.tools),
    }))
  }

  async set(record: ConsentRecord): Promise<void> {
    const { server, ...rest } = record
    const facts = {
      ...rest,
      fields: JSON.stringify(record.fields),
      tools: record.tools === null ? null : JSON.stringify(record.tools),
    }
    await this.#db
      .insertInto('consents')
      .values({ server, ...facts })
      .onConflict((conflict) => conflict.column('server').doUpdateSet(facts))
      .execute()
  }
}
