import { mask } from '../../shared/mask.ts'
import type { Masker } from './masker.ts'

const begins = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/
const ends = /-----END [A-Z ]{0,40}PRIVATE KEY-----/
/** A key has no more lines than this; what follows is text again, even where no end came. */
const longestKey = 200

/** Masks lines as they come from sources: a private key goes over many of them, and its end may never come. */
export class LineMasker {
  readonly #masker: Masker
  /** Lines of a key that may still follow, by source. */
  readonly #inKey = new Map<string, number>()

  constructor(masker: Masker) {
    this.#masker = masker
  }

  /** Whether the next line of a source belongs to a private key. */
  isInKey(source: string): boolean {
    return this.#inKey.has(source)
  }

  /** `source`: what lines of one key have in common. */
  mask(source: string, line: string): string {
    const left = this.#inKey.get(source)
    if (left !== undefined) {
      const end = ends.exec(line)
      if (end !== null || left === 0) this.#inKey.delete(source)
      else this.#inKey.set(source, left - 1)
      if (left > 0) return end === null ? mask : mask + this.#masker.text(line.slice(end.index + end[0].length))
    }
    const opening = line.includes('-----BEGIN ') ? line.split(begins) : null
    if (opening !== null && opening.length > 1 && !ends.test(opening.at(-1)!)) this.#inKey.set(source, longestKey)
    return this.#masker.text(line)
  }
}
