import { createHash } from 'node:crypto'

type Row = Readonly<Record<string, unknown>>

interface RowWatchOptions {
  /** Column that names a row; null: all of it does. */
  readonly key: string | null
  /** `new_rows`: each row that was not there before. `appears`: once when there are rows after there were none. */
  readonly tells: 'new_rows' | 'appears'
}

/** What is new in the rows of one query, look by look. What the first look finds was there before. */
export class RowWatch {
  readonly #options: RowWatchOptions
  #seen: Set<string> | null = null

  constructor(options: RowWatchOptions) {
    this.#options = options
  }

  look(rows: readonly Row[]): Row[] {
    const { key, tells } = this.#options
    const before = this.#seen
    const named = rows.map((row) => [nameOf(row, key), row] as const)
    this.#seen = new Set(named.map(([name]) => name))
    if (before === null) return []
    if (tells === 'appears') return before.size === 0 ? rows.slice(0, 1) : []
    // Rows of one name are one.
    return [...new Map(named.filter(([name]) => !before.has(name))).values()]
  }
}

function nameOf(row: Row, key: string | null): string {
  if (key !== null) return JSON.stringify(row[key] ?? null)
  return createHash('sha256').update(JSON.stringify(row)).digest('base64')
}
