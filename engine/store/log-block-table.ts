import type { LogBlock } from './log-block.ts'
import type { SeqRange } from './log-minutes.ts'
import { type LogListFilter, rankOfFilter, streamBits } from './log-query.ts'
import type { Sqlite } from './sqlite.ts'

/** What is known of a block without opening it. */
export type BlockFacts = Omit<LogBlock, 'facts' | 'text'> & { id: number }

const columns = [
  'server',
  'first_seq',
  'last_seq',
  'first_at_ms',
  'last_at_ms',
  'lines',
  'levels',
  'streams',
  'text_bytes',
] as const
const pageSize = 64

/** The blocks of lines: small side columns to select them by, and apart from these the compressed bodies. */
export class LogBlockTable {
  readonly #sqlite: Sqlite
  readonly insert: (block: LogBlock) => void
  readonly #text: (id: number) => Buffer | undefined
  readonly #facts: (id: number) => Buffer | undefined

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
    const side = sqlite.prepare(
      `insert into log_blocks (${columns.join()}) values (${columns.map((column) => `@${column}`).join()})`,
    )
    const body = sqlite.prepare('insert into log_bodies (block, facts, text) values (?, ?, ?)')
    this.insert = (block) => void body.run(side.run(block).lastInsertRowid, block.facts, block.text)
    const text = sqlite.prepare('select text from log_bodies where block = ?').pluck()
    const facts = sqlite.prepare('select facts from log_bodies where block = ?').pluck()
    this.#text = (id) => text.get(id) as Buffer | undefined
    this.#facts = (id) => facts.get(id) as Buffer | undefined
  }

  /** The compressed text of a block; undefined once it was removed. */
  text(id: number): Buffer | undefined {
    return this.#text(id)
  }

  facts(id: number): Buffer | undefined {
    return this.#facts(id)
  }

  /** Blocks that may hold lines of the filter below `before`, newest first. */
  *newest(filter: LogListFilter, range: SeqRange, before: number | null): Generator<BlockFacts> {
    const { where, values } = conditions(filter, range)
    if (before !== null) where.push(`first_seq < ${before}`)
    yield* this.#pages(where, values, 'last_seq', 'desc')
  }

  /** Blocks that may hold lines of the filter in the range, oldest first. */
  *oldest(filter: LogListFilter, range: SeqRange): Generator<BlockFacts> {
    const { where, values } = conditions(filter, range)
    yield* this.#pages(where, values, 'first_seq', 'asc')
  }

  /** A page at a time: between two of them others may write. */
  *#pages(
    where: readonly string[],
    values: readonly (string | number)[],
    key: 'first_seq' | 'last_seq',
    direction: 'asc' | 'desc',
  ): Generator<BlockFacts> {
    const next = `${key} ${direction === 'asc' ? '>' : '<'} ?`
    const page = this.#sqlite.prepare(
      `select id, ${columns.join()} from log_blocks where ${[next, ...where].join(' and ')}
       order by ${key} ${direction} limit ${pageSize}`,
    )
    let place = direction === 'asc' ? -1 : Number.MAX_SAFE_INTEGER
    for (;;) {
      const blocks = page.all(place, ...values) as BlockFacts[]
      yield* blocks
      if (blocks.length < pageSize) return
      place = blocks.at(-1)![key]
    }
  }
}

function conditions(filter: LogListFilter, range: SeqRange): { where: string[]; values: (string | number)[] } {
  const where: string[] = []
  const rank = rankOfFilter(filter)
  if (rank > 0) where.push(`levels >= ${1 << rank}`)
  if (filter.stream) where.push(`(streams & ${streamBits(filter.stream)}) != 0`)
  if (range !== 'all') where.push(`last_seq >= ${range.first}`, `first_seq <= ${range.last}`)
  if (filter.since !== undefined) where.push(`last_at_ms >= ${Date.parse(filter.since)}`)
  if (filter.until !== undefined) where.push(`first_at_ms < ${Date.parse(filter.until)}`)
  if (filter.span) {
    where.push(`last_at_ms >= ${Date.parse(filter.span.from)}`, `first_at_ms <= ${Date.parse(filter.span.to)}`)
  }
  if (filter.server) where.push(`server in (${filter.server.map(() => '?').join()})`)
  return { where, values: [...(filter.server ?? [])] }
}
