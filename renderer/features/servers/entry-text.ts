import type { EffectiveLaunch } from '../../../shared/server.ts'

export type ParsedEntry = { kind: 'entry'; entry: Record<string, unknown> } | { kind: 'problem'; message: string }

/** The text of the editor as an entry of mcp.json. */
export function parseEntry(text: string): ParsedEntry {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { kind: 'problem', message: error instanceof Error ? error.message : String(error) }
  }
  const message = entryProblem(value)
  return message === null ? { kind: 'entry', entry: value as Record<string, unknown> } : { kind: 'problem', message }
}

/** What is wrong with a parsed entry, or null. The engine checks the whole of it when it is saved. */
export function entryProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'An entry is an object in braces.'
  const entry = value as Record<string, unknown>
  const isText = (name: string): boolean => typeof entry[name] === 'string' && entry[name] !== ''
  if (!isText('command') && !isText('url')) return 'An entry needs a command or a url.'
  if (isText('command') && isText('url')) return 'An entry has either a command or a url, not both.'
  if (entry.args !== undefined && !(Array.isArray(entry.args) && entry.args.every((one) => typeof one === 'string'))) {
    return 'args is a list of texts.'
  }
  for (const name of ['env', 'headers']) {
    const map = entry[name]
    const isMap = typeof map === 'object' && map !== null && Object.values(map).every((one) => typeof one === 'string')
    if (map !== undefined && !isMap) return `${name} maps names to texts.`
  }
  return null
}

/** A launch as one would type it, quoted where a shell would need it. */
export function commandLine({ command, args }: EffectiveLaunch): string {
  return [command, ...args].map(quote).join(' ')
}

function quote(part: string): string {
  return /^[\w@%+=:,./~-]+$/.test(part) ? part : `'${part.replaceAll("'", String.raw`'\''`)}'`
}
