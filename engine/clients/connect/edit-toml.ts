// The TOML library writes texts anew and drops their comments; these edits touch only the lines of one entry.
import { type TomlStatement, tomlStatements } from './toml-statements.ts'

type Path = readonly string[]
type Entry = Readonly<Record<string, unknown>>

/**
 * The text with a table at `path` that holds the entry: in the place of the one that stands there, else at the end. The
 * text must be valid TOML without a byte order mark.
 */
export function setTable(text: string, path: Path, entry: Entry): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const [first, ...others] = spansOf(text, path)
  const written = renderTable(path, entry, eol)
  if (first === undefined) return appended(text, written, eol)
  const isTable = text.slice(first.start).trimStart().startsWith('[')
  // What stands as a value inside of another table cannot become a header there without catching what follows it.
  if (!isTable) return appended(withoutSpans(text, [first, ...others]), written, eol)
  const after = withoutSpans(text, others)
  return after.slice(0, first.start) + written + after.slice(first.end)
}

/** The text without the table at `path` and what lies below it. */
export function removeTable(text: string, path: Path): string {
  return withoutSpans(text, spansOf(text, path))
}

/** What stands in the text of the table at `path`; null when nothing does. */
export function tableText(text: string, path: Path): string | null {
  const spans = spansOf(text, path)
  return spans.length === 0 ? null : spans.map(({ start, end }) => text.slice(start, end)).join('')
}

export function renderTable(path: Path, entry: Entry, eol: string): string {
  const rows = Object.entries(entry).map(([key, value]) => `${renderKey(key)} = ${renderValue(value)}`)
  return [`[${path.map(renderKey).join('.')}]`, ...rows, ''].join(eol)
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Whole lines of the entry, from the last to the first when edited; neighbouring ones joined. */
function spansOf(text: string, path: Path): Span[] {
  const spans: Span[] = []
  let last: TomlStatement | null = null
  for (const statement of tomlStatements(text)) {
    if (isBelow(statement.path, path)) {
      const end = wholeLineEnd(text, statement.end)
      const previous = spans.at(-1)
      // Comments between two of its statements are part of it.
      if (last !== null && previous) spans[spans.length - 1] = { start: previous.start, end }
      else spans.push({ start: text.lastIndexOf('\n', statement.start - 1) + 1, end })
      last = statement
    } else {
      last = null
    }
  }
  return spans
}

function isBelow(path: Path, above: Path): boolean {
  return above.every((key, index) => path[index] === key)
}

function wholeLineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}

function withoutSpans(text: string, spans: readonly Span[]): string {
  return spans.reduceRight((rest, { start, end }) => {
    // The empty line that parted it from what stands before goes with it, as it came.
    const lead = /(?:^|\n)(\r?\n)$/.exec(rest.slice(0, start))?.[1] ?? ''
    const isLast = rest.slice(end).trim() === ''
    return rest.slice(0, start - (isLast ? lead.length : 0)) + rest.slice(end)
  }, text)
}

function appended(text: string, table: string, eol: string): string {
  if (text.trim() === '') return text + table
  const gap = text.endsWith('\n') ? eol : eol + eol
  return text + gap + table
}

function renderKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : renderString(key)
}

function renderValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderValue).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${renderKey(key)} = ${renderValue(member)}`)
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
  }
  return typeof value === 'string' ? renderString(value) : String(value)
}

/** JSON's escapes are TOML's too, but for DEL, which JSON leaves as it is. */
function renderString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007F')
}
