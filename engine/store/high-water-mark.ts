import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Banner } from '../../shared/snapshot.ts'
import type { Sqlite } from './sqlite.ts'
import { StoreFacts } from './store-facts.ts'
import type { ChainEntry } from './task-chain.ts'

/** How far the chain of finished tasks had come, kept outside the database: an older or emptied one shows. */
interface Mark {
  store: string
  number: number
  /** Hex. */
  link: string
  at: string
}

const writeEveryMs = 1_000

export function markFileOf(file: string): string {
  return `${file}.mark`
}

/** Null where there is none, or none that can be read: a mark is a witness and never keeps a store from opening. */
export function readMark(file: string): Mark | null {
  try {
    return JSON.parse(readFileSync(markFileOf(file), 'utf8')) as Mark
  } catch {
    return null
  }
}

/** What the mark says about the database; null where they agree. */
export function compareWithMark(sqlite: Sqlite, file: string): Banner | null {
  const mark = readMark(file)
  if (mark === null || mark.number === 0) return null
  const name = basename(file)
  const facts = new StoreFacts(sqlite)
  const head = headOf(sqlite)
  if (facts.storeId !== mark.store) {
    return witness(
      'store_replaced',
      `${name} is not the one that was here at ${mark.at}, with ${mark.number} finished tasks`,
    )
  }
  if (head.number < mark.number) {
    const lost = mark.number - head.number
    return witness(
      'tasks_missing',
      `${name} lacks ${lost} finished ${lost === 1 ? 'task' : 'tasks'} that it held at ${mark.at}`,
    )
  }
  const entry = sqlite.prepare('select link from task_chain where number = ?').pluck().get(mark.number) as
    | Buffer
    | undefined
  if (entry === undefined ? mark.number > facts.anchor.number : entry.toString('hex') !== mark.link) {
    return witness('tasks_changed', `Finished tasks in ${name} are not what they were at ${mark.at}`)
  }
  return null
}

/** Writes the mark at most once a second while tasks finish, and at the close. */
export class MarkKeeper implements Disposable {
  readonly #sqlite: Sqlite
  readonly #file: string
  #written = -1
  #timer: NodeJS.Timeout | null = null

  constructor(sqlite: Sqlite, file: string) {
    this.#sqlite = sqlite
    this.#file = file
    this.#write()
  }

  /** Something was committed. */
  touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#write()
    }, writeEveryMs)
  }

  [Symbol.dispose](): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#write()
  }

  #write(): void {
    const { number, link } = headOf(this.#sqlite)
    if (number === this.#written) return
    const at = new Date().toISOString()
    const mark: Mark = { store: new StoreFacts(this.#sqlite).storeId, number, link: link.toString('hex'), at }
    const target = markFileOf(this.#file)
    try {
      writeFileSync(`${target}.new`, JSON.stringify(mark), { mode: 0o600 })
      renameSync(`${target}.new`, target)
      this.#written = number
    } catch {
      // On a full disk the older mark stands: it asks for less, and is right.
    }
  }
}

function headOf(sqlite: Sqlite): Pick<ChainEntry, 'number' | 'link'> {
  const last = sqlite.prepare('select number, link from task_chain order by number desc limit 1').get()
  return (last as ChainEntry | undefined) ?? new StoreFacts(sqlite).anchor
}

function witness(code: string, message: string): Banner {
  return {
    code,
    severity: 'danger',
    message,
    hint: 'If you put an older copy there yourself, all is well. Otherwise look for a backup: signalbox restore FILE.',
    since: new Date().toISOString(),
  }
}
