import { isAscii } from 'node:buffer'
import { LineMasker } from '../secrets/line-masker.ts'
import type { Masker } from '../secrets/masker.ts'
import { type LogSegment, levelByte } from '../store/log-block.ts'
import { guessLevel } from './level-guess.ts'
import { scanLines } from './line-scan.ts'
import type { LogOrigin } from './log-pipeline.ts'

const guessedInfo = levelByte('info', true)

/** Lines as they may be kept and shown, with their levels; only the few that need it are looked at one by one. */
export class LineReader {
  readonly #masker: Masker
  readonly #lines: LineMasker
  #levels = new Uint8Array()

  constructor(masker: Masker) {
    this.#masker = masker
    this.#lines = new LineMasker(masker)
  }

  /** `text`: lines of one origin in UTF-8, a line feed between two of them. */
  read(origin: LogOrigin, text: Buffer): Pick<LogSegment, 'levels' | 'text'> {
    const source = sourceOf(origin)
    const cut = cutter(text)
    const named = this.#levelsFor(text)
    /** The text up to `seen` with its secrets masked. */
    const masked: Buffer[] = []
    let seen = 0
    const isInKey = this.#lines.isInKey(source)
    let opensKey = false
    const count = scanLines(text, this.#masker.places(text), (line, start, end, mayHoldSecret, mayNameLevel) => {
      const said = cut(start, end)
      if (mayNameLevel) named[line] = levelByte(guessLevel(said), true)
      if (isInKey || opensKey || !mayHoldSecret) return
      const safe = this.#lines.mask(source, said)
      // What follows belongs to the key, whatever it looks like.
      if (this.#lines.isInKey(source)) opensKey = true
      if (safe !== said || opensKey) {
        masked.push(text.subarray(seen, start), Buffer.from(safe))
        seen = end
      }
    })
    const levels = named.slice(0, count)
    named.fill(guessedInfo, 0, count)
    const rest = text.subarray(seen)
    masked.push(isInKey || opensKey ? this.#oneByOne(source, rest, opensKey) : rest)
    return { levels, text: masked.length === 1 ? masked[0]! : Buffer.concat(masked) }
  }

  /** A line whose level is known, or one that came by itself. */
  line(origin: LogOrigin, text: string): string {
    return this.#lines.mask(sourceOf(origin), text)
  }

  /** Room for the levels of all lines that the text can hold, each `info`. */
  #levelsFor(text: Buffer): Uint8Array {
    if (this.#levels.length <= text.length) this.#levels = new Uint8Array(text.length + 1).fill(guessedInfo)
    return this.#levels
  }

  #oneByOne(source: string, text: Buffer, isBehindKeyLine: boolean): Buffer {
    const lines = text.toString('utf8').split('\n')
    // The text goes on right behind the line that opened the key.
    const first = isBehindKeyLine ? 1 : 0
    return Buffer.from(lines.map((line, index) => (index < first ? line : this.#lines.mask(source, line))).join('\n'))
  }
}

/** Gives stretches of a text. Where each byte is a character, it is made a string once, of which a stretch is no copy. */
function cutter(text: Buffer): (start: number, end: number) => string {
  if (!isAscii(text)) return (start, end) => text.toString('utf8', start, end)
  let whole: string | null = null
  return (start, end) => {
    whole ??= text.toString('latin1')
    return whole.slice(start, end)
  }
}

function sourceOf({ stream, server }: LogOrigin): string {
  return `${stream} ${server}`
}
