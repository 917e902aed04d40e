import type { Sqlite } from './sqlite.ts'
import { StoreFacts } from './store-facts.ts'
import { type ChainEntry, contentHash, linkOf, type TaskRow } from './task-chain.ts'

/** What a walk along the chain has found so far, and where it goes on. */
export interface ChainPart {
  checked: number
  /** Tasks that are in the chain and not in the store. */
  missing: string[]
  /** Tasks whose row is not what it was when they finished. */
  changed: string[]
  /** Numbers of entries that do not follow from the one before. */
  broken: number[]
  /** The last entry that was looked at; null at the end of the chain. */
  next: { number: number; link: string } | null
}

const partSize = 500

/** Walks the chain of finished tasks in parts, so that writes come in between. */
export class ChainRepo {
  readonly #facts: StoreFacts
  readonly #entries: (after: number) => ChainEntry[]
  readonly #task: (id: string) => TaskRow | undefined

  constructor(sqlite: Sqlite) {
    this.#facts = new StoreFacts(sqlite)
    const entries = sqlite.prepare(`select * from task_chain where number > ? order by number limit ${partSize}`)
    const task = sqlite.prepare('select * from agent_tasks where id = ?')
    this.#entries = (after) => entries.all(after) as ChainEntry[]
    this.#task = (id) => task.get(id) as TaskRow | undefined
  }

  /** The entries after one, or the first ones. */
  async verify(after: ChainPart['next']): Promise<ChainPart> {
    const part: ChainPart = { checked: 0, missing: [], changed: [], broken: [], next: null }
    const anchor = this.#facts.anchor
    // Retention may have removed, meanwhile, what comes next.
    const isBehind = after === null || after.number < anchor.number
    let before = isBehind ? anchor : { number: after.number, link: Buffer.from(after.link, 'hex') }
    const entries = this.#entries(before.number)
    for (const entry of entries) {
      const task = this.#task(entry.task_id)
      if (task === undefined) part.missing.push(entry.task_id)
      else if (!contentHash(task).equals(entry.content)) part.changed.push(entry.task_id)
      const follows = entry.number === before.number + 1 && linkOf(before.link, entry.content).equals(entry.link)
      if (!follows) part.broken.push(entry.number)
      before = entry
    }
    part.checked = entries.length
    if (entries.length === partSize) part.next = { number: before.number, link: before.link.toString('hex') }
    return part
  }
}
