import type { Kysely } from 'kysely'
import type { ClientId, Profile, ProfileId } from '../../shared/client.ts'
import type { PreciousSchema } from './schema.ts'
import type { ClientRecord, ClientRepo, KeptProfile, KeptSighting } from './store.ts'

/** Who may call the gateway, one row a client, and what they reach, one row a profile. */
export class SqlClientRepo implements ClientRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async clients(): Promise<ClientRecord[]> {
    const rows = await this.#db.selectFrom('clients').selectAll().orderBy('id').execute()
    return rows.map((row) => ({
      ...row,
      id: row.id as ClientId,
      profile: row.profile as ProfileId | null,
      seen: row.seen === null ? null : JSON.parse(row.seen),
    }))
  }

  async setClient({ id, ...facts }: ClientRecord): Promise<void> {
    const row = { ...facts, seen: facts.seen === null ? null : JSON.stringify(facts.seen) }
    await this.#db
      .insertInto('clients')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }

  async removeClient(id: ClientId): Promise<void> {
    await this.#db.deleteFrom('clients').where('id', '=', id).execute()
  }

  async setSightings(sightings: KeptSighting[]): Promise<void> {
    for (const { id, seen } of sightings) {
      await this.#db
        .updateTable('clients')
        .set({ seen: JSON.stringify(seen) })
        .where('id', '=', id)
        .execute()
    }
  }

  async profiles(): Promise<KeptProfile[]> {
    const rows = await this.#db.selectFrom('profiles').selectAll().orderBy('id').execute()
    return rows.map(({ id, name, others, servers, changed_at }) => ({
      profile: { id: id as ProfileId, name, others: others as Profile['others'], servers: JSON.parse(servers) },
      changed_at,
    }))
  }

  async setProfile({ profile: { id, name, others, servers }, changed_at }: KeptProfile): Promise<void> {
    const row = { name, others, servers: JSON.stringify(servers), changed_at }
    await this.#db
      .insertInto('profiles')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }

  async removeProfile(id: ProfileId): Promise<void> {
    await this.#db.deleteFrom('profiles').where('id', '=', id).execute()
  }
}
