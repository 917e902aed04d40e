import type { Kysely } from 'kysely'
import type { DayStats } from '../../shared/snapshot.ts'
import { isFinished, type TaskStatus } from '../../shared/task.ts'
import type { PreciousSchema } from './schema.ts'

interface Hour {
  calls: number
  failed: number
  /** Milliseconds, ascending. */
  durations: Float64Array
}

const hourMs = 3_600_000
const hoursShown = 24
const failures: ReadonlySet<TaskStatus> = new Set(['failed', 'timed_out', 'interrupted'])

/**
 * The figures of the last 24 hours. An hour is read once and kept until a task that was created in it changes:
 * asking again costs nothing, however many tasks there are.
 */
export class DayFigures {
  readonly #db: Kysely<PreciousSchema>
  readonly #hours = new Map<number, Hour>()
  #last: { first: number; stats: DayStats } | null = null

  constructor(db: Kysely<PreciousSchema>) {
    this.#db = db
  }

  /** A task that was created then has changed. Forgetting too much is harmless, as when a write is rolled back. */
  forget(createdAt: string): void {
    this.#hours.delete(hourOf(createdAt))
    this.#last = null
  }

  /** 24 whole hours; the last one is the hour of `now`. */
  async until(now: string): Promise<DayStats> {
    const first = hourOf(now) - (hoursShown - 1) * hourMs
    if (this.#last?.first === first) return this.#last.stats
    for (const at of this.#hours.keys()) if (at < first) this.#hours.delete(at)

    const starts = Array.from({ length: hoursShown }, (_, index) => first + index * hourMs)
    const hours: Hour[] = []
    for (const at of starts) {
      const hour = this.#hours.get(at) ?? (await this.#read(at))
      this.#hours.set(at, hour)
      hours.push(hour)
    }
    const stats: DayStats = {
      ...figures(merged(hours)),
      hours: hours.map((hour, index) => ({ at: new Date(starts[index]!).toISOString(), ...figures(hour) })),
    }
    this.#last = { first, stats }
    return stats
  }

  async #read(at: number): Promise<Hour> {
    const rows = await this.#db
      .selectFrom('agent_tasks')
      .select(['status', 'duration_ms'])
      .where('created_at', '>=', new Date(at).toISOString())
      .where('created_at', '<', new Date(at + hourMs).toISOString())
      .execute()
    const finished = rows.filter((row) => isFinished(row.status))
    const durations = finished.flatMap((row) => (row.duration_ms === null ? [] : [row.duration_ms]))
    return {
      calls: finished.length,
      failed: finished.filter((row) => failures.has(row.status)).length,
      durations: Float64Array.from(durations).sort(),
    }
  }
}

function merged(hours: readonly Hour[]): Hour {
  const sum = (part: (hour: Hour) => number): number => hours.reduce((total, hour) => total + part(hour), 0)
  const durations = new Float64Array(sum((hour) => hour.durations.length))
  let offset = 0
  for (const hour of hours) {
    durations.set(hour.durations, offset)
    offset += hour.durations.length
  }
  return { calls: sum((hour) => hour.calls), failed: sum((hour) => hour.failed), durations: durations.sort() }
}

function figures({ calls, failed, durations }: Hour): Omit<DayStats, 'hours'> {
  return { calls, failed, p50_ms: nearestRank(durations, 0.5), p95_ms: nearestRank(durations, 0.95) }
}

/** The smallest value that at least that share of the values does not pass. */
function nearestRank(ascending: Float64Array, share: number): number | null {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? null
}

function hourOf(time: string): number {
  return Math.floor(Date.parse(time) / hourMs) * hourMs
}
