const number = new Intl.NumberFormat('en-GB')

/** `2,846` */
export function formatCount(count: number): string {
  return number.format(count)
}

/** A time span in milliseconds: `12 ms`, `1.21 s`, `10.2 s`, `4 m 05 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} m`
}

/** How long ago, in one unit: `2 s`, `4 m`, `6 h`, `3 d`. Milliseconds in. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** The same in words for assistive technology: `3 days`. */
export function spellAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [count, unit] =
    seconds < 60
      ? [seconds, 'second']
      : seconds < 3600
        ? [Math.floor(seconds / 60), 'minute']
        : seconds < 86_400
          ? [Math.floor(seconds / 3600), 'hour']
          : [Math.floor(seconds / 86_400), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** What is left, as a clock: `0:14`. */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** `118 B`, `4.2 KB`, `1.1 MB`, `2.3 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/** `1 server`, `3 servers`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

export type TimeZoneChoice = 'local' | 'utc'

/** A time of day from RFC 3339, with milliseconds when told: `14:07:09.251`. */
export function formatClock(at: string, zone: TimeZoneChoice, withMs = false): string {
  const date = new Date(at)
  const [h, m, s, ms] =
    zone === 'utc'
      ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()]
      : [date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds()]
  const clock = `${pad(h)}:${pad(m)}:${pad(s)}`
  return withMs ? `${clock}.${String(ms).padStart(3, '0')}` : clock
}

/** Date and time of day: `2026-11-22 14:07:09`. */
export function formatDateTime(at: string, zone: TimeZoneChoice): string {
  const date = new Date(at)
  const day =
    zone === 'utc'
      ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
      : [date.getFullYear(), date.getMonth(), date.getDate()]
  return `${day[0]}-${pad(day[1]! + 1)}-${pad(day[2]!)} ${formatClock(at, zone)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
