import { formsOf } from './secret-forms.ts'
import { fragmentOf, window } from './value-matcher.ts'

const block = 3
const buckets = 1 << 16

/**
 * Tells where in many lines in UTF-8 known values may stand: a line without such a place holds none, as far as
 * `ValueMatcher` goes. The search is that one's over bytes. It compares hashes only, so it is wrong on the safe side.
 */
export class ValuePlaces {
  /** As many bytes as each of what is looked for holds. */
  readonly #window: number
  readonly #shifts: Uint8Array
  readonly #windows: Uint8Array | null

  constructor(secrets: Iterable<string>) {
    const sought = [...new Set([...secrets].flatMap(formsOf))].flatMap(parts)
    this.#window = Math.min(window, ...sought.map(({ length }) => length))
    this.#shifts = new Uint8Array(buckets).fill(this.#window - block + 1)
    this.#windows = sought.length === 0 ? null : new Uint8Array(buckets)
    for (const bytes of sought) this.#add(bytes)
  }

  /** In rising order; each lies within the value that may stand there. */
  in(text: Uint8Array): number[] {
    const found: number[] = []
    const shifts = this.#shifts
    const windows = this.#windows
    if (windows === null) return found
    for (let last = this.#window - 1; last < text.length; ) {
      const shift = shifts[blockAt(text, last)]!
      if (shift === 0 && windows[this.#windowAt(text, last)] === 1) found.push(last)
      last += shift || 1
    }
    return found
  }

  #add(bytes: Uint8Array): void {
    for (let end = block; end <= this.#window; end++) {
      const hash = blockAt(bytes, end - 1)
      this.#shifts[hash] = Math.min(this.#shifts[hash]!, this.#window - end)
    }
    this.#windows![this.#windowAt(bytes, this.#window - 1)] = 1
  }

  #windowAt(text: Uint8Array, last: number): number {
    let hash = 0
    for (let at = last - this.#window + 1; at <= last; at++) hash = Math.imul(hash, 31) + text[at]!
    return (hash ^ (hash >>> 16)) & (buckets - 1)
  }
}

/** Where the matcher looks for a form: at its start and, since a text may begin within it, at the half at its end. */
function parts(form: string): Buffer[] {
  if (form.length < 8) return [Buffer.from(form)]
  return [form.slice(0, window), form.slice(-fragmentOf(form)).slice(0, window)].map(wholeCharacters)
}

/** Half of a surrogate pair is no character, and stands in no text in UTF-8. */
function wholeCharacters(text: string): Buffer {
  return Buffer.from(text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, ''))
}

function blockAt(text: Uint8Array, last: number): number {
  return ((text[last - 2]! << 10) ^ (text[last - 1]! << 5) ^ text[last]!) & (buckets - 1)
}
