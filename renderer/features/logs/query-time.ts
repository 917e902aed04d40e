const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/**
 * The moment that a person means by `10m`, `today`, `14:07`, `2026-11-22` or a whole RFC 3339 time, in UTC;
 * null when it is none of these. A clock time is the last one that has passed, local.
 */
export function queryTime(value: string, now: Date): string | null {
  const ago = /^(\d{1,6})([smhdw])$/.exec(value)
  if (ago) return new Date(now.getTime() - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs]).toISOString()
  if (value === 'today') return midnight(now).toISOString()
  if (value === 'yesterday') return midnight(new Date(midnight(now).getTime() - 1)).toISOString()
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(value)
  if (clock) return lastClockTime(Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0), now)
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(value)) return null
  const parsed = new Date(value.includes('T') ? value : `${value}T00:00`)
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString()
}

function midnight(day: Date): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate())
}

function lastClockTime(hours: number, minutes: number, seconds: number, now: Date): string | null {
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  const at = midnight(now)
  at.setHours(hours, minutes, seconds)
  if (at > now) at.setDate(at.getDate() - 1)
  return at.toISOString()
}
