import { formsOf } from './secret-forms.ts'

/** A stretch of a text, from its first character up to one after its last. */
export type Span = readonly [start: number, end: number]

/** Characters of a form by which it is found, and the block of them that is hashed. */
export const window = 6
const block = 3
const buckets = 1 << 18

interface Anchor {
  readonly form: string
  /** Where the window stands in the form. */
  readonly at: number
}

/**
 * Finds known values in texts, in all spellings of `formsOf`. A form of 8 characters and more is found anywhere, and
 * also where a text begins or ends within it, once half of it is there, 6 characters at least: a value that was cut in two is a value still.
 * A shorter one is found only as a whole word.
 *
 * Wu and Manber's search: the last block of the window says how far to go on, mostly 4 characters at once.
 */
export class ValueMatcher {
  readonly #shifts = new Uint8Array(buckets).fill(window - block + 1)
  readonly #anchors = new Map<number, Anchor[]>()
  readonly #short: RegExp | null

  constructor(secrets: Iterable<string>) {
    const forms = new Set([...secrets].flatMap(formsOf))
    const short: string[] = []
    for (const form of forms) {
      if (form.length < 8) short.push(form)
      else {
        this.#add(form, 0)
        this.#add(form, form.length - fragmentOf(form))
      }
    }
    const words = short.sort((a, b) => b.length - a.length).map((form) => escaped(form))
    this.#short =
      words.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join('|')})(?![\\p{L}\\p{N}_])`, 'gu')
  }

  /** Where known values stand, in the order of the text, none touching the next. */
  spans(text: string): Span[] {
    const found: Span[] = []
    if (this.#anchors.size > 0) this.#search(text, found)
    if (this.#short !== null) {
      for (const { index, 0: word } of text.matchAll(this.#short)) found.push([index, index + word.length])
    }
    return found.length < 2 ? found : joined(found)
  }

  /** Whether any stretch of the text, cut out of it, could hold a known value. False is certain. */
  mayHold(text: string): boolean {
    if (this.#short?.test(text)) {
      this.#short.lastIndex = 0
      return true
    }
    if (this.#anchors.size === 0) return false
    const shifts = this.#shifts
    for (let last = window - 1; last < text.length; ) {
      const hash = hashAt(text, last)
      const shift = shifts[hash]!
      if (shift > 0) {
        last += shift
        continue
      }
      const start = last - window + 1
      // A stretch that is cut out can hold half of a form, and then all of its window.
      for (const { form, at } of this.#anchors.get(hash) ?? []) {
        if (text.startsWith(form.slice(at, at + window), start)) return true
      }
      last += 1
    }
    return false
  }

  #add(form: string, at: number): void {
    for (let end = block; end <= window; end++) {
      const hash = hashAt(form, at + end - 1)
      this.#shifts[hash] = Math.min(this.#shifts[hash]!, window - end)
    }
    const hash = hashAt(form, at + window - 1)
    const known = this.#anchors.get(hash)
    if (known) known.push({ form, at })
    else this.#anchors.set(hash, [{ form, at }])
  }

  #search(text: string, found: Span[]): void {
    const shifts = this.#shifts
    for (let last = window - 1; last < text.length; ) {
      const hash = hashAt(text, last)
      const shift = shifts[hash]!
      if (shift > 0) {
        last += shift
        continue
      }
      for (const anchor of this.#anchors.get(hash) ?? []) {
        const span = spanOf(text, anchor, last - window + 1)
        if (span !== null) found.push(span)
      }
      last += 1
    }
  }
}

/** The whole form, or what of it the text holds at its start or its end. */
function spanOf(text: string, { form, at }: Anchor, place: number): Span | null {
  const start = place - at
  const end = start + form.length
  if (start >= 0 && end <= text.length) return text.startsWith(form, start) ? [start, end] : null
  const from = Math.max(start, 0)
  const to = Math.min(end, text.length)
  if (to - from < fragmentOf(form)) return null
  return text.startsWith(form.slice(from - start, to - start), from) ? [from, to] : null
}

/** So many characters of a form are found where a text begins or ends within it. */
export function fragmentOf(form: string): number {
  return Math.max(window, Math.ceil(form.length / 2))
}

function hashAt(text: string, last: number): number {
  const a = text.charCodeAt(last - 2)
  const b = text.charCodeAt(last - 1)
  return ((a << 12) ^ (b << 6) ^ text.charCodeAt(last)) & (buckets - 1)
}

function escaped(text: string): string {
  // With the `u` flag only these may be escaped.
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function joined(spans: Span[]): Span[] {
  const all: [number, number][] = []
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
    const before = all.at(-1)
    if (before !== undefined && start <= before[1]) before[1] = Math.max(before[1], end)
    else all.push([start, end])
  }
  return all
}
