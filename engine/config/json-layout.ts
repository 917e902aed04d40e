/** How a JSON text is laid out, so that what is added looks like what stands there. */
export interface JsonLayout {
  readonly eol: '\n' | '\r\n'
  /** One step of indentation. */
  readonly indent: string
}

const shortArray = 80

export function layoutOf(text: string): JsonLayout {
  const indent = /^([ \t]+)(?=["}\]])/m.exec(text)?.[1] ?? '  '
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', indent: indent.startsWith('\t') ? '\t' : indent }
}

/** JSON text of a value. Lines after the first begin with `base`; short arrays of plain values stay on one line. */
export function renderJson(value: unknown, layout: JsonLayout, base = ''): string {
  const inner = base + layout.indent
  const block = (open: string, parts: string[], close: string) =>
    `${open}${layout.eol}${parts.map((part) => inner + part).join(`,${layout.eol}`)}${layout.eol}${base}${close}`

  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    if (value.every((item) => item === null || typeof item !== 'object')) {
      const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
      if (line.length <= shortArray) return line
    }
    return block(
      '[',
      value.map((item) => renderJson(item, layout, inner)),
      ']',
    )
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    if (members.length === 0) return '{}'
    return block(
      '{',
      members.map(([key, member]) => `${JSON.stringify(key)}: ${renderJson(member, layout, inner)}`),
      '}',
    )
  }
  return JSON.stringify(value)
}
