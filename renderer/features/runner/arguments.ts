/** Where a value stands in the arguments: property names and list indexes, from the top. */
export type Path = readonly (string | number)[]

export const pathKey = (path: readonly (string | number)[]): string =>
  path.map((step) => encodeURIComponent(step)).join('/')

/** The arguments with one value replaced; `undefined` takes it away. Parts that did not change keep their identity. */
export function withValue(value: unknown, path: Path, next: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return next
  if (typeof step === 'number') {
    const list = Array.isArray(value) ? value : []
    const changed = withValue(list[step], rest, next)
    return changed === undefined ? list.toSpliced(step, 1) : Object.assign(list.slice(), { [step]: changed })
  }
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  const changed = withValue((object as Record<string, unknown>)[step], rest, next)
  if (changed !== undefined) return { ...object, [step]: changed }
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== step))
}

/** The arguments in a JSON text; null when it is none, or not an object. */
export function readArguments(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    // A text that is still being typed; the editor shows where it breaks.
    return null
  }
}
