import { entrySecrets, withTexts } from '../../secrets/entry-secrets.ts'
import { secretsIn } from '../../secrets/find-secrets.ts'
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
    const variable = (name: string) => {
      replaced.push({ at: path, name })
      return `\${${name}}`
    }
    if (path === 'url') return urlWithoutSecrets(text, (part) => variable(variableName(`${server}_${part}`)))
    const written = variable(variableFor(path, server))
    return text.replaceAll(secret, () => written)
  })
  return { entry: fieldsOf(namesOnly(bare, '', replaced)) as Record<string, unknown>, replaced }
}

/** The address stays readable: only the secret parts of it are replaced. */
function urlWithoutSecrets(url: string, variable: (part: string) => string): string {
  const withoutPassword = url.replace(
    /^(\w+:\/\/[^:@/?#]*):[^@/?#]+@/,
    (_written, before: string) => `${before}:${variable('password')}@`,
  )
  const bare = withoutPassword.replace(/([?&])([^=&#]+)=([^&#]*)/g, (written, mark, key, value) => {
    const isSecret = secretsIn({ url: `https://host/?${key}=${value}` }).length > 0
    return isSecret ? `${mark}${key}=${variable(key)}` : written
  })
  return secretsIn({ url: bare }).length > 0 ? variable('url') : bare
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
