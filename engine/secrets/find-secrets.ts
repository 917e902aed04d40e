import type { Fields } from '../clients/found-server.ts'
import { fieldsOf, stringsOf } from '../clients/found-server.ts'

/**
 * Where secrets stand in plain text in an entry, as paths: `env.GITHUB_TOKEN`, `headers.Authorization`, `args[2]`,
 * `url`. A variable is no secret: its value stands elsewhere.
 */
export function secretsIn(entry: Fields): string[] {
  const named = (['env', 'headers'] as const).flatMap((group) =>
    Object.entries(fieldsOf(entry[group]))
      .filter(([name, value]) => typeof value === 'string' && isSecret(name, value))
      .map(([name]) => `${group}.${name}`),
  )
  const args = stringsOf(entry.args)
  const inArgs = args.flatMap((arg, index) => (isSecretArgument(arg, args[index - 1]) ? [`args[${index}]`] : []))
  const inUrl = typeof entry.url === 'string' && isSecretUrl(entry.url) ? ['url'] : []
  return [...named, ...inArgs, ...inUrl]
}

/** Values that name their own kind. */
const shapes = [
  /^gh[pousr]_\w{16,}/,
  /^github_pat_\w{20,}/,
  /^glpat-[\w-]{16,}/,
  /^sk-[\w-]{16,}/,
  /^[rs]k_(?:live|test)_\w{10,}/,
  /^xox[abeprs]-[\w-]{8,}/,
  /^(?:AKIA|ASIA)[A-Z0-9]{16}$/,
  /^AIza[\w-]{30,}/,
  /^ya29\.[\w-]{20,}/,
  /^npm_\w{30,}/,
  /^hf_\w{20,}/,
  /^(?:lin_api|ntn|secret)_\w{16,}/,
  /^SG\.[\w-]{16,}/,
  /^eyJ[\w-]{8,}\.[\w-]{8,}\./,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
]
const scheme = /^(?:Bearer|Basic|Token)\s+/i
const strongNames = /token|secret|passw(?:or)?d|passphrase|credential|authorization|api[-_]?key|(?:^|[-_])pat$/i
const weakNames = /(?:^|[-_])(?:[Kk]ey|KEY|auth|AUTH|pwd|PWD|pass|PASS)$|[a-z]Key$/
/** `TOKEN_FILE`, `MAX_TOKENS`, `SECRET_NAME`: about a secret, not one. */
const aboutNames = /(?:file|path|dir|name|url|uri|id|type|ttl|limit|expiry|tokens)$/i
const placeholder =
  /^(?:<.*>|\[.*\]|your[-_ ].*|x{3,}|\.{3,}|\*+|change[-_]?me|replace[-_ ]?me.*|todo|none|null|true|false|[\d.]*)$/i

function isSecret(name: string, value: string): boolean {
  const plain = withoutVariables(value)
  const bare = plain.replace(scheme, '').trim()
  if (bare === '' || placeholder.test(bare)) return false
  if (shapes.some((shape) => shape.test(bare)) || isSecretUrl(value)) return true
  if (scheme.test(plain) && bare.length >= 8) return true
  if (aboutNames.test(name) || isPathOrUrl(bare)) return false
  if (strongNames.test(name)) return bare.length >= 4
  return weakNames.test(name) && bare.length >= 12 && entropy(bare) >= 3
}

function isSecretArgument(arg: string, before: string | undefined): boolean {
  const option = /^(?:--?)?([\w-]+)=(.*)$/s.exec(arg)
  if (option) return isSecret(option[1]!, option[2]!)
  const header = /^([\w-]+):\s*(.+)$/s.exec(arg)
  if (header && !isPathOrUrl(arg) && isSecret(header[1]!, header[2]!)) return true
  const flag = before && /^--?([\w-]+)$/.exec(before)
  return !arg.startsWith('-') && isSecret(flag ? flag[1]! : '', arg)
}

function isSecretUrl(text: string): boolean {
  if (!/^[a-z][\w+.-]*:\/\//i.test(text)) return false
  const url = URL.parse(withoutVariables(text))
  if (!url) return false
  return url.password !== '' || [...url.searchParams].some(([name, value]) => isSecret(name, value))
}

function withoutVariables(value: string): string {
  return value.replace(/\$\{[^}]*\}/g, '')
}

function isPathOrUrl(value: string): boolean {
  return /^(?:[a-z][\w+.-]*:\/\/|~\/|\.{1,2}\/|\/[\w.-]+\/|[a-z]:\\)/i.test(value) && !/\s/.test(value)
}

/** Shannon entropy in bits a character: words lie near 2.5, random text of 20 characters and more above 3.5. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}
