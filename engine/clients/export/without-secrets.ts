import { entrySecrets, withTexts } from '../../secrets/entry-secrets.ts'
import { type Fields, fieldsOf } from '../found-server.ts'

export interface Replaced {
  /** As `env.GITHUB_TOKEN`, `args[2]`. */
  readonly at: string
  /** Of the variable that stands there now. */
  readonly name: string
}

/**
 * An entry with every secret replaced by a variable: `${secret:NAME}` by `${NAME}`, one in plain text by a variable that
 * is named after its place. Variables that the entry had before stay.
 */
export function withoutSecrets(
  entry: Fields,
  server: string,
): { entry: Record<string, unknown>; replaced: Replaced[] } {
  const replaced: Replaced[] = []
  const secrets = new Map(entrySecrets(entry).map(({ path, value }) => [path, value]))
  const bare = withTexts(entry, (path, text) => {
    const secret = secrets.get(path)
    if (secret === undefined || secret === '') return text
    const name = variableFor(path, server)
    replaced.push({ at: path, name })
    return path === 'url' ? `\${${name}}` : text.replaceAll(secret, () => `\${${name}}`)
  })
  return { entry: fieldsOf(namesOnly(bare, '', replaced)) as Record<string, unknown>, replaced }
}

const ofVault = /\$\{secret:([^}]+)\}/g

/** `${secret:github token}` means nothing elsewhere; a variable of that name does. */
function namesOnly(value: unknown, at: string, replaced: Replaced[]): unknown {
  if (typeof value === 'string') {
    return value.replace(ofVault, (_written, secret: string) => {
      const name = variableName(secret)
      replaced.push({ at, name })
      return `\${${name}}`
    })
  }
  if (Array.isArray(value)) return value.map((item, index) => namesOnly(item, `${at}[${index}]`, replaced))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, namesOnly(member, at === '' ? key : `${at}.${key}`, replaced)]),
  )
}

/** `env.GITHUB_TOKEN` is its own name; another place is named after the server. */
function variableFor(path: string, server: string): string {
  const variable = /^env\.(\w+)$/.exec(path)?.[1]
  return variable ?? variableName(`${server}_${path.replace(/^headers\./, '')}`)
}

function variableName(text: string): string {
  const name = text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
  if (name === '') return 'SECRET'
  return /^\d/.test(name) ? `_${name}` : name
}
