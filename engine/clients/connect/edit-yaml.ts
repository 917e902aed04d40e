// The YAML library keeps comments but lays a text out anew; these edits touch only the lines of one entry.
import { isMap, isScalar, type Pair, parseDocument, type Scalar, type YAMLMap } from 'yaml'

type Entry = Readonly<Record<string, unknown>>
type Item = Pair<Scalar, { range?: [number, number, number] | null } | null>

/**
 * The text with an entry at `key.name`. The text must be valid YAML of one document without a byte order mark. Null
 * where the text is written in a way that cannot be edited.
 */
export function setYamlEntry(text: string, key: string, name: string, entry: Entry): string | null {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const root = parseDocument(text).contents
  const isNothing = root === null || (isScalar(root) && root.source === '')
  if (isNothing) return appended(text, rows([key, name], entry, '', '  '), eol)
  if (!isMap(root) || root.flow) return null
  const rootIndent = indentOf(text, root)
  const holder = itemOf(root, key)
  if (!holder) return insertedAfter(text, lastEnd(text, root), rows([key, name], entry, rootIndent, '  '), eol)
  const { value } = holder
  if (!isMap(value)) {
    // Nothing, or the word for nothing, in the place of the map.
    if (value !== null && !(isScalar(value) && value.value === null)) return null
    return inPlaceOfNothing(text, holder, rows([name], entry, `${rootIndent}  `, '  '), eol)
  }
  if (value.flow) {
    if (value.items.length === 0)
      return inPlaceOfNothing(text, holder, rows([name], entry, `${rootIndent}  `, '  '), eol)
    return inFlow(text, value, name, entry)
  }
  const indent = indentOf(text, value)
  const present = itemOf(value, name)
  const written = rows([name], entry, indent, indent.slice(rootIndent.length) || '  ')
  if (!present) return insertedAfter(text, lastEnd(text, value), written, eol)
  const { start, end } = linesOf(text, present)
  return text.slice(0, start) + written.join(eol) + eol + text.slice(end)
}

/** The text without the entry at `key.name`; null where it cannot be taken out alone. */
export function removeYamlEntry(text: string, key: string, name: string): string | null {
  const root = parseDocument(text).contents
  const holder = isMap(root) ? itemOf(root, key) : undefined
  const map = holder?.value
  const present = isMap(map) ? itemOf(map, name) : undefined
  if (!isMap(root) || !holder || !isMap(map) || !present) return text
  if (map.flow) return null
  const { start, end } = linesOf(text, present)
  const rest = text.slice(0, start) + text.slice(end)
  if (map.items.length > 1) return rest
  // A key without a value would be nothing, not an empty map.
  const afterColon = text.indexOf(':', holder.key.range![1]) + 1
  return `${rest.slice(0, afterColon)} {}${rest.slice(afterColon)}`
}

/** The lines of the entry at `key.name`; null when there is none. */
export function yamlEntryText(text: string, key: string, name: string): string | null {
  const root = parseDocument(text).contents
  const map = isMap(root) ? itemOf(root, key)?.value : undefined
  const present = isMap(map) ? itemOf(map, name) : undefined
  if (!isMap(map) || !present) return null
  const { start, end } = map.flow ? { start: present.key.range![0], end: endOf(present) } : linesOf(text, present)
  return text.slice(start, end)
}

/** Rows of an entry below the keys that lead to it; each key one step deeper. */
export function rows(path: readonly string[], entry: Entry, indent: string, step: string): string[] {
  const heads = path.map((key, depth) => `${indent}${step.repeat(depth)}${scalar(key)}:`)
  const inner = indent + step.repeat(path.length)
  const members = Object.entries(entry).flatMap(([key, value]) => {
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isNested || Object.keys(value).length === 0) return [`${inner}${scalar(key)}: ${flow(value)}`]
    return rows([key], value as Entry, inner, step)
  })
  return [...heads, ...members]
}

/** JSON is YAML, but for plain words, which look at home without their quotes. */
function flow(value: unknown): string {
  if (typeof value === 'string') return scalar(value)
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
  return JSON.stringify(value)
}

/** Words that mean something else to some reader of YAML. */
const telling = /^(?:y|n|yes|no|on|off|true|false|null)$/i

function scalar(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !telling.test(text) ? text : JSON.stringify(text)
}

function itemOf(map: YAMLMap, key: string): Item | undefined {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key) as Item | undefined
}

/** White space before the first key of a block map. */
function indentOf(text: string, map: YAMLMap): string {
  const start = (map.items[0] as Item | undefined)?.key.range?.[0] ?? 0
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
}

/** After the last character of a pair's value, or of its key when it has none. */
function endOf(item: Item): number {
  return item.value?.range?.[1] ?? item.key.range![1] + 1
}

function linesOf(text: string, item: Item): { start: number; end: number } {
  const start = text.lastIndexOf('\n', item.key.range![0] - 1) + 1
  return { start, end: afterLine(text, endOf(item)) }
}

/** After the line that the map's last value ends on, its comment included. */
function lastEnd(text: string, map: YAMLMap): number {
  return afterLine(text, endOf(map.items.at(-1) as Item))
}

/** After the line on which the last of the characters before an offset stands. */
function afterLine(text: string, offset: number): number {
  const last = text.slice(0, offset).trimEnd().length
  const end = text.indexOf('\n', Math.max(last, offset - 1))
  return end === -1 ? text.length : end + 1
}

function insertedAfter(text: string, offset: number, written: string[], eol: string): string {
  if (offset >= text.length) return appended(text, written, eol)
  return text.slice(0, offset) + written.join(eol) + eol + text.slice(offset)
}

function appended(text: string, written: string[], eol: string): string {
  const lead = text === '' || text.endsWith('\n') ? '' : eol
  return text + lead + written.join(eol) + eol
}

/** Below a key whose value is nothing: `extensions:`, `extensions: null`, `extensions: {}`. */
function inPlaceOfNothing(text: string, holder: Item, written: string[], eol: string): string {
  const afterColon = text.indexOf(':', holder.key.range![1]) + 1
  // A value that is not written has its place behind the comment.
  const [from, to] = holder.value?.range ?? [afterColon, afterColon]
  const end = from === to ? afterColon : to
  const bare = text.slice(0, afterColon) + text.slice(end)
  return insertedAfter(bare, afterLine(bare, afterColon), written, eol)
}

function inFlow(text: string, map: YAMLMap, name: string, entry: Entry): string | null {
  if (itemOf(map, name)) return null
  const at = endOf(map.items.at(-1) as Item)
  return `${text.slice(0, at)}, ${JSON.stringify(name)}: ${JSON.stringify(entry)}${text.slice(at)}`
}
