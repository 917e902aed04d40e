import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Delivery, DeliverySummary, Verdict, WebhookSource } from '../../shared/webhooks.ts'
import { decodeId, pageOf } from './keyset.ts'
import type { DeliveryTable, PreciousSchema } from './schema.ts'
import { idKey, idOfKey } from './seen-key.ts'
import type { Page } from './store.ts'

/** A source without what only the running program knows of it. */
export type KeptSource = Pick<WebhookSource, 'id' | 'name' | 'signing' | 'secrets' | 'created_at'>

export interface NewDelivery extends Omit<Delivery, 'is_late' | 'handled_at'> {
  occurred_at: string | null
}

/** What must not have come before, each with what the delivery is when it has. */
export interface SeenCheck {
  source_id: string
  keys: readonly { key: string; verdict: Verdict }[]
}

export interface DeliveryLimits {
  /** RFC 3339. Those that came before it may go. */
  before: string
  /** So many stay at most, and so many bytes of them. */
  keep: number
  keepBytes: number
  /** Of those that nobody signed: so many stay at most, that they push out no others. */
  keepUnsigned: number
  /** What must not come again is forgotten when it came before this. */
  forgetBefore: string
}

export interface WebhookRepo {
  sources(): Promise<KeptSource[]>
  /** Adds it, or replaces it. */
  setSource(source: KeptSource): Promise<void>
  removeSource(id: string): Promise<void>
  /** On record, with the verdict that it gets where it, or its like, was taken before: all in one step. */
  record(delivery: NewDelivery, check: SeenCheck | null): Promise<DeliverySummary>
  /** Those with an event that was not handed on, the oldest first. */
  waiting(): Promise<Delivery[]>
  setHandled(id: string, at: string): Promise<void>
  get(id: string): Promise<Delivery | null>
  list(filter: {
    source?: string | undefined
    verdict?: Verdict[] | undefined
    before?: string | undefined
    limit: number
  }): Promise<Page<DeliverySummary>>
  /** Of these ids those of deliveries that came from one of these sources and were proven. */
  proven(sourceIds: readonly string[], sentIds: readonly string[]): Promise<string[]>
  /** Removes the oldest, one small step; how many went. Those that wait stay. */
  prune(limits: DeliveryLimits): Promise<number>
}

const summaryColumns = [
  'id',
  'at',
  'path',
  'source',
  'sent_id',
  'sent_event',
  'verdict',
  'why',
  'event',
  'about',
  'is_late',
  'bytes',
  'redelivery_of',
  'handled_at',
] as const

const stepSize = 200

/** Webhooks as they came, one row a delivery, and who may send them. */
export class SqlWebhookRepo implements WebhookRepo {
  readonly #db: Kysely<PreciousSchema>

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  async sources(): Promise<KeptSource[]> {
    const rows = await this.#db.selectFrom('webhook_sources').selectAll().orderBy('id').execute()
    return rows.map((row) => ({ ...row, signing: JSON.parse(row.signing), secrets: JSON.parse(row.secrets) }))
  }

  async setSource({ id, ...source }: KeptSource): Promise<void> {
    const row = { ...source, signing: JSON.stringify(source.signing), secrets: JSON.stringify(source.secrets) }
    await this.#db
      .insertInto('webhook_sources')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }

  async removeSource(id: string): Promise<void> {
    await this.#db.deleteFrom('webhook_sources').where('id', '=', id).execute()
    await this.#db.deleteFrom('seen_deliveries').where('source_id', '=', id).execute()
  }

  async record(delivery: NewDelivery, check: SeenCheck | null): Promise<DeliverySummary> {
    const seenAs = check === null ? null : await this.#takeKeys(check, delivery.at)
    // What came before is on record already, with all that it says.
    const told = seenAs === null ? delivery : { ...delivery, verdict: seenAs, event: null, payload: null, body: '' }
    const payload = told.payload === null ? null : JSON.stringify(told.payload)
    const headers = JSON.stringify(told.headers)
    const row: DeliveryTable = {
      ...told,
      is_late: Number(seenAs === null && (await this.#isLate(delivery))),
      is_cut: Number(told.is_cut || told.body !== delivery.body),
      handled_at: null,
      kept_bytes: headers.length + told.body.length + (payload?.length ?? 0),
      headers,
      payload,
    }
    await this.#db.insertInto('deliveries').values(row).execute()
    return toSummary(row)
  }

  async waiting(): Promise<Delivery[]> {
    const rows = await this.#db
      .selectFrom('deliveries')
      .selectAll()
      .where('handled_at', 'is', null)
      .where('event', 'is not', null)
      .orderBy('id')
      .execute()
    return rows.map(toDelivery)
  }

  async setHandled(id: string, at: string): Promise<void> {
    await this.#db.updateTable('deliveries').set({ handled_at: at }).where('id', '=', id).execute()
  }

  async get(id: string): Promise<Delivery | null> {
    const row = await this.#db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? null : toDelivery(row)
  }

  async list({ source, verdict, before, limit }: Parameters<WebhookRepo['list']>[0]): Promise<Page<DeliverySummary>> {
    let query = this.#db.selectFrom('deliveries').select(summaryColumns)
    if (source !== undefined) query = query.where('source', '=', source)
    if (verdict !== undefined) query = query.where('verdict', 'in', verdict)
    if (before !== undefined) query = query.where('id', '<', decodeId(before))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows.map(toSummary), limit, ({ id }) => id)
  }

  async proven(sourceIds: readonly string[], sentIds: readonly string[]): Promise<string[]> {
    const found: string[] = []
    for (let at = 0; at < sentIds.length; at += stepSize) {
      const some = sentIds.slice(at, at + stepSize)
      const rows = await this.#db
        .selectFrom('deliveries')
        .select('sent_id')
        .where('source', 'is not', null)
        .where('sent_id', 'in', some)
        .execute()
      // Known for longer than the deliveries themselves.
      const seen = await this.#db
        .selectFrom('seen_deliveries')
        .select('key')
        .where('source_id', 'in', sourceIds)
        .where('key', 'in', some.map(idKey))
        .execute()
      found.push(...rows.flatMap(({ sent_id }) => sent_id ?? []), ...seen.map(({ key }) => idOfKey(key)))
    }
    return [...new Set(found)]
  }

  async prune({ before, keep, keepBytes, keepUnsigned, forgetBefore }: DeliveryLimits): Promise<number> {
    await this.#db.deleteFrom('seen_deliveries').where('at', '<', forgetBefore).execute()
    const surplus = await this.#db
      .selectFrom('deliveries')
      .select('id')
      .where('source', 'is', null)
      .orderBy('id', 'desc')
      .limit(stepSize)
      .offset(keepUnsigned)
      .execute()
    if (surplus.length > 0) return this.#remove(surplus.map(({ id }) => id))
    const { count, bytes } = await this.#db
      .selectFrom('deliveries')
      .select(({ fn }) => [
        fn.countAll<number>().as('count'),
        fn.coalesce(fn.sum<number>('kept_bytes'), sql<number>`0`).as('bytes'),
      ])
      .executeTakeFirstOrThrow()
    const oldest = await this.#db
      .selectFrom('deliveries')
      .select(['id', 'at', 'kept_bytes', 'event', 'handled_at'])
      .orderBy('id')
      .limit(stepSize)
      .execute()
    let [left, leftBytes] = [count, bytes]
    const gone: string[] = []
    for (const { id, at, kept_bytes, event, handled_at } of oldest) {
      if (at >= before && left <= keep && leftBytes <= keepBytes) break
      if (event !== null && handled_at === null) continue
      gone.push(id)
      left -= 1
      leftBytes -= kept_bytes
    }
    return gone.length === 0 ? 0 : this.#remove(gone)
  }

  async #remove(ids: readonly string[]): Promise<number> {
    await this.#db.deleteFrom('deliveries').where('id', 'in', ids).execute()
    return ids.length
  }

  /** The verdict of the first key that was there; otherwise all of them are now. */
  async #takeKeys({ source_id, keys }: SeenCheck, at: string): Promise<Verdict | null> {
    for (const { key, verdict } of keys) {
      const known = await this.#db
        .selectFrom('seen_deliveries')
        .select('at')
        .where('source_id', '=', source_id)
        .where('key', '=', key)
        .executeTakeFirst()
      if (known !== undefined) return verdict
    }
    const rows = keys.map(({ key }) => ({ source_id, key, at }))
    if (rows.length > 0) await this.#db.insertInto('seen_deliveries').values(rows).execute()
    return null
  }

  async #isLate({ about, source, occurred_at }: NewDelivery): Promise<boolean> {
    if (about === null || occurred_at === null) return false
    const later = await this.#db
      .selectFrom('deliveries')
      .select('id')
      .where('about', '=', about)
      .where('source', '=', source)
      .where('occurred_at', '>', occurred_at)
      .limit(1)
      .executeTakeFirst()
    return later !== undefined
  }
}

function toSummary(row: Pick<DeliveryTable, (typeof summaryColumns)[number]>): DeliverySummary {
  const picked = Object.fromEntries(summaryColumns.map((column) => [column, row[column]]))
  return { ...picked, is_late: row.is_late === 1 } as DeliverySummary
}

function toDelivery(row: DeliveryTable): Delivery {
  return {
    ...toSummary(row),
    headers: JSON.parse(row.headers),
    body: row.body,
    is_cut: row.is_cut === 1,
    payload: row.payload === null ? null : JSON.parse(row.payload),
  }
}
