/** Steps into a value: names of members and places in lists. */
export type Path = readonly (string | number)[]

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null ? (part as Record<string | number, unknown>)[key] : undefined,
    value,
  )
}

/** The value with another one at a path; parts beside the way keep their identity. `undefined` takes the member out. */
export function withValueAt(value: unknown, path: Path, next: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return next
  if (Array.isArray(value)) {
    const items = [...value] as unknown[]
    items[Number(key)] = withValueAt(items[Number(key)], rest, next)
    return items
  }
  const members = { ...(value as Record<string, unknown> | null) }
  const changed = withValueAt(members[key], rest, next)
  if (changed === undefined) delete members[key]
  else members[key] = changed
  return members
}
