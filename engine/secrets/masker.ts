import { mask } from '../../shared/mask.ts'
import { isSecretKey, maskPatterns, mayHoldSecretKey } from './secret-patterns.ts'
import { ValueMatcher } from './value-matcher.ts'
import { ValuePlaces } from './value-places.ts'

/**
 * The one place through which everything goes that is stored, shown, pushed or exported. It masks the values that it
 * was told of, in any common encoding, and what looks like a secret. Masking twice changes nothing more.
 */
export class Masker {
  readonly #known = new Set<string>()
  readonly #listeners = new Set<(values: string[]) => void>()
  #matcher: ValueMatcher | null = null
  #places: ValuePlaces | null = null

  /** From now on these values are masked. They are kept for the life of the program: a replaced one is still a secret. */
  learn(values: Iterable<string>): void {
    const fresh = [...new Set(values)].filter((value) => !this.#known.has(value))
    if (fresh.length === 0) return
    for (const value of fresh) this.#known.add(value)
    this.#matcher = null
    this.#places = null
    for (const tell of this.#listeners) tell(fresh)
  }

  /** Tells all values that are known, at once, and from then on each new one: for a masker in another thread. */
  share(listener: (values: string[]) => void): Disposable {
    if (this.#known.size > 0) listener([...this.#known])
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** Where in many lines in UTF-8 a known value may stand, in the order of the text; a superset. */
  places(text: Uint8Array): number[] {
    this.#places ??= new ValuePlaces(this.#known)
    return this.#places.in(text)
  }

  text(text: string): string {
    this.#matcher ??= new ValueMatcher(this.#known)
    const spans = this.#matcher.spans(text)
    if (spans.length === 0) return maskPatterns(text)
    let masked = ''
    let seen = 0
    for (const [start, end] of spans) {
      masked += text.slice(seen, start) + mask
      seen = end
    }
    return maskPatterns(masked + text.slice(seen))
  }

  /** A JSON value with its texts, keys and numbers masked; the value itself when there is nothing to mask. */
  json<T>(value: T): T {
    return this.#value(value) as T
  }

  /** The JSON of a value as `json` masks it; the same text where there is nothing to mask, which most often shows without reading it. */
  jsonText(text: string): string {
    return this.#isClean(text) ? text : JSON.stringify(this.json(JSON.parse(text)))
  }

  /** Whether masking surely changes nothing: told by the text, of which an escape may hide a part. */
  #isClean(text: string): boolean {
    if (text.includes('\\') || mayHoldSecretKey(text) || maskPatterns(text) !== text) return false
    this.#matcher ??= new ValueMatcher(this.#known)
    return !this.#matcher.mayHold(text)
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number') {
      // Only a long number can be a secret that was told as one.
      return Math.abs(value) >= 1000 && this.text(String(value)) !== String(value) ? mask : value
    }
    if (Array.isArray(value)) {
      const masked = value.map((item) => this.#value(item))
      return masked.some((item, index) => item !== value[index]) ? masked : value
    }
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const masked = entries.map(([key, item]) => [this.text(key), this.#entry(key, item)] as const)
    const isSame = masked.every(([key, item], index) => key === entries[index]![0] && item === entries[index]![1])
    return isSame ? value : Object.fromEntries(masked)
  }

  #entry(key: string, value: unknown): unknown {
    return isSecretKey(key) && typeof value === 'string' && value !== '' ? mask : this.#value(value)
  }
}
