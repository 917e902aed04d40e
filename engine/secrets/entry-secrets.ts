import { type Fields, fieldsOf, stringsOf } from '../clients/found-server.ts'
import { secretsIn } from './find-secrets.ts'

/** One secret in plain text within an entry of `mcpServers`. */
export interface EntrySecret {
  /** As `secretsIn` names it: `env.GITHUB_TOKEN`, `args[2]`. */
  readonly path: string
  /** The secret alone: without the `Bearer ` or the `--token=` before it. */
  readonly value: string
}

/** The secrets that stand in plain text in an entry, or in what it expands to. */
export function entrySecrets(entry: Fields): EntrySecret[] {
  return secretsIn(entry)
    .map((path) => ({ path, value: secretPart(path, textAt(entry, path)) }))
    .filter(({ value }) => !value.includes('${'))
}

/** The entry with the text of each path changed. */
export function withTexts(entry: Fields, change: (path: string, text: string) => string): Record<string, unknown> {
  const changed: Record<string, unknown> = { ...entry }
  for (const path of secretsIn(entry)) {
    const text = change(path, textAt(entry, path))
    const [group, name] = partsOf(path)
    if (name === null) changed[group] = text
    else if (group === 'args') changed.args = stringsOf(changed.args).with(Number(name), text)
    else changed[group] = { ...fieldsOf(changed[group]), [name]: text }
  }
  return changed
}

function textAt(entry: Fields, path: string): string {
  const [group, name] = partsOf(path)
  if (name === null) return String(entry[group])
  return group === 'args' ? stringsOf(entry.args)[Number(name)]! : String(fieldsOf(entry[group])[name])
}

/** `env.A.B` is the variable `A.B`: only the first dot parts. */
function partsOf(path: string): [group: string, name: string | null] {
  const [, group, index, name] = /^(\w+)(?:\[(\d+)\]|\.(.*))?$/s.exec(path)!
  return [group!, index ?? name ?? null]
}

function secretPart(path: string, text: string): string {
  const withoutOption = path.startsWith('args[') ? text.replace(/^(?:--?)?[\w-]+[=:]\s*/, '') : text
  return withoutOption.replace(/^(?:Bearer|Basic|Token)\s+/i, '')
}
