import { entrySecrets, withTexts } from './entry-secrets.ts'

/**
 * Entries in which `${secret:NAME}` stands wherever a secret stood in plain text, and the secrets by those names. Equal
 * secrets share a name; no name is one of those taken.
 */
export function moveSecrets<Entry extends { id: string; entry: Record<string, unknown> }>(
  entries: readonly Entry[],
  taken: ReadonlySet<string>,
): { entries: Entry[]; values: Map<string, string> } {
  const values = new Map<string, string>()
  const moved = entries.map((one) => {
    const secrets = new Map(entrySecrets(one.entry).map(({ path, value }) => [path, value]))
    const entry = withTexts(one.entry, (path, text) => {
      const value = secrets.get(path)
      if (value === undefined) return text
      return text.replace(value, () => `\${secret:${nameFor(path, one.id, value, values, taken)}}`)
    })
    return { ...one, entry }
  })
  return { entries: moved, values }
}

/** `env.GITHUB_TOKEN` becomes `GITHUB_TOKEN`; what has no name of its own is called after its server. */
function nameFor(
  path: string,
  id: string,
  value: string,
  values: Map<string, string>,
  taken: ReadonlySet<string>,
): string {
  const known = [...values].find(([, other]) => other === value)
  if (known) return known[0]
  const server = id.replace(/[^\w.-]+/g, '_').slice(0, 60)
  const own = path
    .replace(/^(?:env|headers)\./, '')
    .replace(/[^\w.-]+/g, '_')
    .slice(0, 60)
  const wanted = path.startsWith('env.') ? own : `${server}_${own.replace(/_$/, '')}`
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : count === 2 ? `${server}_${wanted}` : `${server}_${wanted}_${count}`
    if (taken.has(name) || values.has(name)) continue
    values.set(name, value)
    return name
  }
}
