import type { Sqlite } from './sqlite.ts'
import { firstLink } from './task-chain.ts'

/**
 * What the store knows about itself, in the database. Each is read and written in the transaction of the caller.
 * `anchor`: the chain begins after this number; what was before it has been removed by retention.
 */
export class StoreFacts {
  readonly #get: (name: string) => string | null
  readonly #set: (name: string, value: string) => void

  constructor(sqlite: Sqlite) {
    const get = sqlite.prepare('select value from store_facts where name = ?').pluck()
    const set = sqlite.prepare(
      'insert into store_facts values (?, ?) on conflict (name) do update set value = excluded.value',
    )
    this.#get = (name) => (get.get(name) as string | undefined) ?? null
    this.#set = (name, value) => void set.run(name, value)
  }

  get storeId(): string {
    return this.#get('store_id') ?? ''
  }

  /** Number of the last record of the journal that the database holds. */
  get journalPosition(): number {
    return Number(this.#get('journal_position') ?? 0)
  }

  set journalPosition(number: number) {
    this.#set('journal_position', String(number))
  }

  get anchor(): typeof firstLink {
    const [number, link] = this.#get('chain_anchor')?.split(' ') ?? []
    return number === undefined || link === undefined
      ? firstLink
      : { number: Number(number), link: Buffer.from(link, 'hex') }
  }

  set anchor({ number, link }: typeof firstLink) {
    this.#set('chain_anchor', `${number} ${link.toString('hex')}`)
  }
}
