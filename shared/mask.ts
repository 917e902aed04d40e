/** Stands where a secret stood in all that is stored or shown. */
export const mask = '‹masked›'

/** A stored value with empty texts where something was masked, and without keys that were: for a person to fill in. */
export function withoutMasks<T>(value: T): T {
  return emptied(value) as T
}

/** Whether something in a stored value was masked. */
export function holdsMask(value: unknown): boolean {
  return JSON.stringify(value)?.includes(mask) ?? false
}

function emptied(value: unknown): unknown {
  if (typeof value === 'string') return value.includes(mask) ? '' : value
  if (Array.isArray(value)) return value.map(emptied)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => !key.includes(mask))
  return Object.fromEntries(kept.map(([key, item]) => [key, emptied(item)]))
}
