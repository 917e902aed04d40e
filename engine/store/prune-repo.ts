import type { Held } from '../../shared/settings-contract.ts'
import type { Sqlite } from './sqlite.ts'
import { StoreFacts } from './store-facts.ts'
import type { ChainEntry } from './task-chain.ts'
import { usedBytes } from './used-bytes.ts'

export interface TaskLimits {
  /** Finished tasks that were created before it may go. RFC 3339. */
  before: string
  /** So many finished tasks stay at most. */
  keep: number
  /** So many bytes the database may take. */
  keepBytes: number
}

const stepSize = 200
/** Whatever the limits and the clock say. */
const alwaysKept = 1_000

/** Removes finished tasks in the order in which they finished, so that the chain loses its beginning and stays whole. */
export class PruneRepo {
  readonly #facts: StoreFacts
  readonly #oldest: () => (ChainEntry & { created_at: string | null })[]
  readonly #last: () => number
  readonly #remove: (entries: readonly ChainEntry[]) => void
  readonly #held: () => Held
  readonly #usedBytes: () => number

  constructor(sqlite: Sqlite) {
    this.#facts = new StoreFacts(sqlite)
    const oldest = sqlite.prepare(
      `select task_chain.*, agent_tasks.created_at from task_chain left join agent_tasks on agent_tasks.id = task_id
       order by number limit ${stepSize}`,
    )
    const last = sqlite.prepare('select max(number) from task_chain').pluck()
    const untally = sqlite.prepare(
      `update task_tallies set count = count - 1 from agent_tasks where agent_tasks.id = ? and
       task_tallies.agent_name = agent_tasks.agent_name and task_tallies.action = agent_tasks.action and
       task_tallies.origin = agent_tasks.origin and task_tallies.status = agent_tasks.status`,
    )
    const removeTask = sqlite.prepare('delete from agent_tasks where id = ?')
    const removeEntry = sqlite.prepare('delete from task_chain where number = ?')
    const held = sqlite.prepare(
      `select (select coalesce(sum(count), 0) from task_tallies) as count,
       (select created_at from agent_tasks order by id limit 1) as oldest_at`,
    )
    this.#usedBytes = () => usedBytes(sqlite)
    this.#held = () => ({ ...(held.get() as Omit<Held, 'bytes'>), bytes: this.#usedBytes() })
    this.#oldest = () => oldest.all() as (ChainEntry & { created_at: string | null })[]
    this.#last = () => Number(last.get() ?? 0)
    this.#remove = (entries) => {
      for (const { number, task_id } of entries) {
        untally.run(task_id)
        removeTask.run(task_id)
        removeEntry.run(number)
      }
    }
  }

  async held(): Promise<Held> {
    return this.#held()
  }

  /** One step; how many tasks went. Their events go with them. */
  async prune({ before, keep, keepBytes }: TaskLimits): Promise<number> {
    const last = this.#last()
    const most = this.#usedBytes() > keepBytes ? 0 : keep
    const isSurplus = ({ number }: ChainEntry): boolean => last - number >= Math.max(most, alwaysKept)
    const isOld = ({ number, created_at }: ChainEntry & { created_at: string | null }): boolean =>
      last - number >= alwaysKept && created_at !== null && created_at < before
    const oldest = this.#oldest()
    const firstKept = oldest.findIndex((entry) => !isSurplus(entry) && !isOld(entry))
    const gone = firstKept === -1 ? oldest : oldest.slice(0, firstKept)
    const lastGone = gone.at(-1)
    if (lastGone === undefined) return 0
    this.#remove(gone)
    this.#facts.anchor = lastGone
    return gone.length
  }
}
