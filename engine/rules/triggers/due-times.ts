import { Cron } from 'croner'
import type { TriggerOf } from '../../../shared/rule.ts'

/** Times that are counted one by one; of more it is only known that they are more. */
const mostCounted = 1_000

export type Schedule = Pick<TriggerOf<'schedule'>, 'cron' | 'time_zone'>

/** @throws Error where the pattern is none. */
export function readSchedule({ cron, time_zone }: Schedule): Cron {
  return new Cron(cron, { paused: true, ...(time_zone !== null && { timezone: time_zone }) })
}

/** Times of a schedule after `from` and not after `now`. */
export function dueBetween(schedule: Cron, from: Date, now: Date): { count: number; last: Date | null } {
  let last: Date | null = null
  let count = 0
  for (let next = schedule.nextRun(from); next !== null && next <= now; next = schedule.nextRun(next)) {
    last = next
    count++
    if (count < mostCounted) continue
    // Strictly before, so that a time that is due this very moment is found, too.
    const [newest = next] = schedule.previousRuns(1, new Date(now.getTime() + 1))
    return { count, last: newest }
  }
  return { count, last }
}
