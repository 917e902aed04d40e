import { useClock } from './clock.ts'
import { formatAge, formatCountdown } from './format.ts'

/** How long ago a time was; ticks by itself. `null` shows `never`. */
export function Age({ at, absent = '–' }: { at: string | null; absent?: string }) {
  const text = useClock((now) => (at === null ? absent : formatAge(now - Date.parse(at))))
  return <span aria-live="off">{text}</span>
}

/** How long until a time, counting down. */
export function Countdown({ until }: { until: string }) {
  return <span aria-live="off">{useClock((now) => formatCountdown(Date.parse(until) - now))}</span>
}
