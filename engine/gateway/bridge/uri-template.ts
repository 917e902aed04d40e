/** What stands between two fixed texts of a template. */
interface Gap {
  /** `segment`: within one step of a path; `query`: begins with `?` or `&`, or is nothing. */
  readonly kind: 'segment' | 'query' | 'any'
  /** The fixed text after it. */
  readonly text: string
}

/**
 * Whether an address may be what an RFC 6570 template describes. Loosely, for an address too many is refused by its
 * server; and in a time that grows with the length of both alone, for servers write templates.
 */
export function mayDescribe(template: string, uri: string): boolean {
  const [head, gaps] = partsOf(template)
  if (!uri.startsWith(head)) return false
  let at = head.length
  // What follows something that may hold anything is not looked at closely: where that ends is a guess.
  let isGuess = false
  for (const [index, { kind, text }] of gaps.entries()) {
    const least = kind === 'segment' ? at + 1 : at
    const isLast = index === gaps.length - 1
    const end = isLast && (text === '' || uri.endsWith(text)) ? uri.length - text.length : uri.indexOf(text, least)
    if (end < least || (isLast && end + text.length !== uri.length)) return false
    if (!isGuess && !fits(kind, uri.slice(at, end))) return false
    isGuess ||= kind !== 'segment'
    at = end + text.length
  }
  return at === uri.length
}

function fits(kind: Gap['kind'], value: string): boolean {
  switch (kind) {
    case 'segment':
      return !/[/?#]/.test(value)
    case 'query':
      return value === '' || /^[?&]/.test(value)
    case 'any':
      return true
    default:
      return kind satisfies never
  }
}

/** The fixed text that it begins with, and its gaps; expressions side by side are one. */
function partsOf(template: string): [string, Gap[]] {
  const [head, ...rest] = template.split(/\{([^{}]*)\}/)
  const gaps: Gap[] = []
  for (let i = 0; i < rest.length; i += 2) {
    const [kind, text] = [kindOf(rest[i]!), rest[i + 1]!]
    const before = gaps.at(-1)
    if (before?.text === '') gaps[gaps.length - 1] = { kind: before.kind === kind ? kind : 'any', text }
    else gaps.push({ kind, text })
  }
  return [head!, gaps]
}

function kindOf(expression: string): Gap['kind'] {
  if (/^[?&]/.test(expression)) return 'query'
  return /^[+#/;.]/.test(expression) ? 'any' : 'segment'
}
