/** One header or one `key = value` of a TOML text, and where it stands. Comments and empty lines lie between. */
export interface TomlStatement {
  readonly kind: 'table' | 'table_list' | 'value'
  /** From the root, the table's own path included. */
  readonly path: readonly string[]
  /** Of its first character; the white space before it on the line is not part of it. */
  readonly start: number
  /** After its last character; a comment behind it is not part of it. */
  readonly end: number
}

/** The statements of a text that is valid TOML, in their order. */
export function tomlStatements(text: string): TomlStatement[] {
  const statements: TomlStatement[] = []
  let table: readonly string[] = []
  let at = 0
  for (;;) {
    at = skipBetween(text, at)
    if (at >= text.length) return statements
    const start = at
    if (text[at] === '[') {
      const kind = text[at + 1] === '[' ? 'table_list' : 'table'
      const key = readKey(text, at + (kind === 'table' ? 1 : 2))
      table = key.path
      at = key.end + (kind === 'table' ? 1 : 2)
      statements.push({ kind, path: table, start, end: at })
    } else {
      const key = readKey(text, at)
      at = skipValue(text, skipBlanks(text, key.end + 1))
      statements.push({ kind: 'value', path: [...table, ...key.path], start, end: at })
    }
  }
}

/** White space, line ends and comments. */
function skipBetween(text: string, from: number): number {
  return from + /^(?:[ \t\r\n]|#[^\n]*)*/.exec(text.slice(from))![0].length
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

/** A dotted key; ends at the `=` or `]` behind it. */
function readKey(text: string, from: number): { path: string[]; end: number } {
  const path: string[] = []
  let at = from
  for (;;) {
    at = skipBlanks(text, at)
    const end = text[at] === '"' || text[at] === "'" ? skipString(text, at) : bareEnd(text, at)
    if (end === at) throw new TypeError(`a key is expected at ${at}`)
    path.push(keyName(text.slice(at, end)))
    at = skipBlanks(text, end)
    if (text[at] !== '.') return { path, end: at }
    at += 1
  }
}

function bareEnd(text: string, from: number): number {
  return from + /^[^\s.=\]"'#]*/.exec(text.slice(from, from + 1000))![0].length
}

function keyName(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1)
  if (!written.startsWith('"')) return written
  const unicode = /\\U([0-9a-fA-F]{8})|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)/g
  return written.slice(1, -1).replace(unicode, (_all, eight, four, two, one: string | undefined) => {
    if (one === undefined) return String.fromCodePoint(Number.parseInt(eight ?? four ?? two, 16))
    return { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001b' }[one] ?? one
  })
}

/** After a value: a string of any of the four kinds, a list or inline table over any lines, or a plain word. */
function skipValue(text: string, from: number): number {
  const first = text[from]
  if (first === '"' || first === "'") return skipString(text, from)
  if (first !== '[' && first !== '{') {
    const word = /^[^\r\n#,\]}]*/.exec(text.slice(from))![0]
    return from + word.trimEnd().length
  }
  let depth = 0
  let at = from
  while (at < text.length) {
    const character = text[at]!
    if (character === '"' || character === "'") {
      at = skipString(text, at)
    } else if (character === '#') {
      at = lineEnd(text, at)
    } else {
      if (character === '[' || character === '{') depth += 1
      if (character === ']' || character === '}') depth -= 1
      at += 1
      if (depth === 0) return at
    }
  }
  return at
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

function skipString(text: string, from: number): number {
  const quote = text[from]!
  const isLong = text.startsWith(quote.repeat(3), from)
  const fence = isLong ? quote.repeat(3) : quote
  let at = from + fence.length
  while (at < text.length && !text.startsWith(fence, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1
  at += fence.length
  // Up to two quotes may stand right before the closing three, and belong to the string.
  while (isLong && text[at] === quote) at += 1
  return at
}
