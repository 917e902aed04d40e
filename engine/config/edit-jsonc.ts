// jsonc-parser's own `modify` moves or drops comments beside the place of an edit; these edits touch only the
// characters of the value itself, so that what a person wrote around it stays where it was.
import { isDeepStrictEqual } from 'node:util'
import { applyEdits, type Edit, type Node, visit } from 'jsonc-parser'
import { type JsonLayout, layoutOf, renderJson } from './json-layout.ts'
import { parseJsonc, plainValue, propertiesOf } from './jsonc.ts'

type Path = readonly string[]

/**
 * The text with the value at `path` set; missing objects on the way are made. Objects are merged member by member, so
 * that comments and order inside of them stay. The text must be a valid JSON object without a byte order mark.
 */
export function setValue(text: string, path: Path, value: unknown): string {
  const root = rootOf(text)
  let node = root
  for (const [depth, key] of path.entries()) {
    const next = propertiesOf(node).find((property) => property.key === key)?.value
    const rest = path.slice(depth + 1)
    if (!next || (rest.length > 0 && next.type !== 'object')) {
      const nested = rest.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
      return next ? replaceNode(text, next, nested) : insertProperty(text, node, key, nested)
    }
    node = next
  }
  return mergeInto(text, node, path, value)
}

/** The text without the property at `path` and without the comment that shares its last line. */
export function removeValue(text: string, path: Path): string {
  const parent = nodeAt(text, path.slice(0, -1))
  const index = (parent?.children ?? []).findIndex((property) => property.children?.[0]?.value === path.at(-1))
  return parent && index !== -1 ? removeMember(text, parent, index) : text
}

/** The text with an item at the end of the list at `path`, which is made where nothing stands. */
export function appendItem(text: string, path: Path, item: unknown): string {
  const list = nodeAt(text, path)
  if (list?.type !== 'array') return setValue(text, path, [item])
  return insertMember(text, list, (layout, inner, isOneLine) =>
    isOneLine ? JSON.stringify(item) : renderJson(item, layout, inner),
  )
}

/** The text without the items of the list at `path` that equal this one. */
export function removeItem(text: string, path: Path, item: unknown): string {
  const list = nodeAt(text, path)
  const index = (list?.children ?? []).findIndex((node) => isDeepStrictEqual(plainValue(node), item))
  return list && index !== -1 ? removeItem(removeMember(text, list, index), path, item) : text
}

function nodeAt(text: string, path: Path): Node | undefined {
  return path.reduce<Node | undefined>(
    (node, key) => node && propertiesOf(node).find((property) => property.key === key)?.value,
    rootOf(text),
  )
}

function removeMember(text: string, parent: Node, index: number): string {
  const members = parent.children ?? []
  const member = members[index]!
  const previous = members[index - 1]
  const end = endOf(member)
  const comma = commaBetween(text, end, members[index + 1]?.offset ?? endOf(parent) - 1)

  const edits: Edit[] = [wholeLines(text, member.offset, comma === null ? end : comma + 1)]
  if (comma === null && previous) {
    const before = commaBetween(text, endOf(previous), member.offset)
    if (before !== null) edits.push({ offset: before, length: 1, content: '' })
  }
  return applyEdits(text, edits)
}

function mergeInto(text: string, node: Node, path: Path, value: unknown): string {
  if (isDeepStrictEqual(plainValue(node), value)) return text
  if (node.type !== 'object' || !isObject(value)) return replaceNode(text, node, value)
  let result = text
  for (const { key } of propertiesOf(node)) {
    if (!Object.hasOwn(value, key)) result = removeValue(result, [...path, key])
  }
  for (const [key, member] of Object.entries(value)) result = setValue(result, [...path, key], member)
  return result
}

function replaceNode(text: string, node: Node, value: unknown): string {
  const content = renderJson(value, layoutOf(text), indentAt(text, node.offset))
  return applyEdits(text, [{ offset: node.offset, length: node.length, content }])
}

function insertProperty(text: string, object: Node, key: string, value: unknown): string {
  return insertMember(text, object, (layout, inner, isOneLine) => {
    const written = isOneLine ? JSON.stringify(value) : renderJson(value, layout, inner)
    return `${JSON.stringify(key)}: ${written}`
  })
}

/** Adds characters only: none that stands there already is moved or taken away. */
function insertMember(
  text: string,
  parent: Node,
  render: (layout: JsonLayout, inner: string, isOneLine: boolean) => string,
): string {
  const layout = layoutOf(text)
  const close = endOf(parent) - 1
  const last = parent.children?.at(-1)
  const start = last ? endOf(last) : parent.offset + 1
  const base = indentAt(text, parent.offset)
  const isOneLine = last !== undefined && !text.slice(parent.offset, close).includes('\n')
  const inner = last && !isOneLine ? indentAt(text, last.offset) : base + layout.indent
  const member = (isOneLine ? ' ' : layout.eol + inner) + render(layout, inner, isOneLine)

  const comma = last ? commaBetween(text, start, close) : null
  const offset = start + text.slice(start, close).trimEnd().length
  const closesOnOwnLine = text.slice(offset, close).includes('\n')
  const content = member + (comma === null ? '' : ',') + (isOneLine || closesOnOwnLine ? '' : layout.eol + base)
  if (!last || comma !== null) return applyEdits(text, [{ offset, length: 0, content }])
  // Two insertions at one place would be applied in an order that is not ours to choose: they are written as one.
  if (offset === start) return applyEdits(text, [{ offset, length: 0, content: `,${content}` }])
  return applyEdits(text, [
    { offset: start, length: 0, content: ',' },
    { offset, length: 0, content },
  ])
}

/** The whole line when nothing else stands on it, with the comment at its end; else only the characters. */
function wholeLines(text: string, start: number, end: number): Edit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const rest = /^[ \t]*(?:\/\/[^\r\n]*)?(\r?\n|$)/.exec(text.slice(end))
  if (text.slice(lineStart, start).trim() === '' && rest) {
    return { offset: lineStart, length: end + rest[0].length - lineStart, content: '' }
  }
  const space = /^[ \t]*/.exec(text.slice(end))![0].length
  return { offset: start, length: end + space - start, content: '' }
}

/** Offset of the comma of the text, not one inside a comment, between two offsets. */
function commaBetween(text: string, from: number, to: number): number | null {
  let found: number | null = null
  visit(
    text,
    {
      onSeparator: (character, offset) => {
        if (character === ',' && offset >= from && offset < to) found ??= offset
      },
    },
    { allowTrailingComma: true },
  )
  return found
}

function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(lineStart, offset))![0]
}

function endOf(node: Node): number {
  return node.offset + node.length
}

function rootOf(text: string): Node {
  const parsed = parseJsonc(text)
  if (parsed.kind === 'problem') throw new TypeError(`an edit needs valid JSON: ${parsed.problem.message}`)
  return parsed.root
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
