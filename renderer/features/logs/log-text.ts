const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is made visible
  /[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/**
 * The text with every character that would hide or reorder others made visible: control characters as their picture
 * (`␇`), the rest as a code (`‹U+202E›`). Tabs and the escapes of colours stay for whoever draws them.
 */
export function visibleText(text: string): string {
  return text.replace(hidden, picture)
}

function picture(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
}

/** Where a text occurs in another, any case; spans do not overlap. */
export function matchSpans(text: string, wanted: string): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  if (wanted === '') return spans
  const [all, part] = [text.toLowerCase(), wanted.toLowerCase()]
  // A few letters change their length with their case; then spans would be off, so they are left out.
  if (all.length !== text.length) return spans
  for (let from = all.indexOf(part); from >= 0; from = all.indexOf(part, from + part.length)) {
    spans.push({ from, to: from + part.length })
  }
  return spans
}

/** Pieces of one text cut at the ends of spans, each knowing whether it lies in a span. */
export function cutAtSpans<P extends { text: string }>(
  pieces: readonly P[],
  spans: readonly { from: number; to: number }[],
): (P & { isMatch: boolean })[] {
  const cut: (P & { isMatch: boolean })[] = []
  let at = 0
  for (const piece of pieces) {
    const end = at + piece.text.length
    const edges = spans.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > at && edge < end)
    let start = at
    for (const edge of [...edges, end]) {
      const isMatch = spans.some(({ from, to }) => start >= from && start < to)
      if (edge > start) cut.push({ ...piece, text: piece.text.slice(start - at, edge - at), isMatch })
      start = edge
    }
    at = end
  }
  return cut
}
