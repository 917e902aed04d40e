import { type CallPattern, type Limit, limitSchema } from '../../../shared/limits.ts'

/** The numbers of a limit as they are written in its fields; empty says nothing. */
export const limitFields = [
  { key: 'max', group: 'concurrency', label: 'Calls' },
  { key: 'queue', group: 'concurrency', label: 'Waiting', initial: '100' },
  { key: 'calls', group: 'rate', label: 'Calls' },
  { key: 'per_s', group: 'rate', label: 'In', unit: 'seconds', initial: '60' },
  { key: 'wait_s', group: 'rate', label: 'Waits', unit: 'seconds', initial: '0' },
  { key: 'timeout_s', group: 'time', label: 'No answer', unit: 'seconds' },
  { key: 'total_s', group: 'time', label: 'In all', unit: 'seconds' },
  { key: 'most', group: 'retries', label: 'Times' },
  { key: 'failures', group: 'circuit', label: 'Failures' },
  { key: 'open_s', group: 'circuit', label: 'For', unit: 'seconds', initial: '30' },
  { key: 'most_kib', group: 'result', label: 'Largest', unit: 'KiB' },
] as const

export type FieldKey = (typeof limitFields)[number]['key']
export type Draft = Readonly<Record<FieldKey, string>>

/** The fields of a limit; of null, those of a new one. */
export function draftOf(limit: Limit | null): Draft {
  const text = (value: number | null | undefined): string => (value == null ? '' : String(value))
  const initial = Object.fromEntries(
    limitFields.map((field) => [field.key, 'initial' in field ? field.initial : '']),
  ) as Draft
  if (limit === null) return initial
  const { concurrency, rate, timeout_s, total_s, retries, circuit, result } = limit
  return {
    max: text(concurrency?.max),
    queue: text(concurrency?.queue) || initial.queue,
    calls: text(rate?.calls),
    per_s: text(rate?.per_s) || initial.per_s,
    wait_s: text(rate?.wait_s) || initial.wait_s,
    timeout_s: text(timeout_s),
    total_s: text(total_s),
    most: text(retries?.most),
    failures: text(circuit?.failures),
    open_s: text(circuit?.open_s) || initial.open_s,
    most_kib: text(result && Math.round(result.most_bytes / 1024)),
  }
}

/** The limit that the fields mean, or the first field that is wrong. What fields do not show stays as it was. */
export function readDraft(
  draft: Draft,
  pattern: CallPattern & { id: string },
  before: Limit | null,
): { limit: Limit } | { wrong: FieldKey | null } {
  const number = (key: FieldKey): number => (/^\d+$/.test(draft[key].trim()) ? Number(draft[key]) : Number.NaN)
  const says = (key: FieldKey): boolean => draft[key].trim() !== ''
  const read = limitSchema.safeParse({
    ...pattern,
    concurrency: says('max') ? { max: number('max'), queue: number('queue') } : null,
    rate: says('calls') ? { calls: number('calls'), per_s: number('per_s'), wait_s: number('wait_s') } : null,
    timeout_s: says('timeout_s') ? number('timeout_s') : null,
    total_s: says('total_s') ? number('total_s') : null,
    retries: says('most') ? { ...before?.retries, most: number('most') } : null,
    circuit: says('failures') ? { failures: number('failures'), open_s: number('open_s') } : null,
    result: says('most_kib') ? { ...before?.result, most_bytes: number('most_kib') * 1024 } : null,
  })
  if (!read.success) {
    const last = String(read.error.issues[0]?.path.at(-1) ?? '')
    const key = last === 'most_bytes' ? 'most_kib' : last
    return { wrong: limitFields.find((field) => field.key === key)?.key ?? null }
  }
  const { concurrency, rate, timeout_s, total_s, retries, circuit, result } = read.data
  const isEmpty = [concurrency, rate, timeout_s, total_s, retries, circuit, result].every((part) => part === null)
  return isEmpty ? { wrong: null } : { limit: read.data }
}
