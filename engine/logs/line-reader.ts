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

  constructor(masker: Masker) {
    this.#masker = masker
    this.#lines = new LineMasker(masker)
  }

  /** `text`: lines of one origin, a line feed between two of them. */
  read(origin: LogOrigin, text: string): Pick<LogSegment, 'levels' | 'text'> {
    const source = sourceOf(origin)
    const named: { line: number; byte: number }[] = []
    let masked = ''
    let seen = 0
    const isInKey = this.#lines.isInKey(source)
    let opensKey = false
    const count = scanLines(text, this.#masker.places(text), (suspect) => {
      const line = text.slice(suspect.start, suspect.end)
      if (suspect.mayNameLevel) named.push({ line: suspect.line, byte: levelByte(guessLevel(line), true) })
      if (isInKey || opensKey || !suspect.mayHoldSecret) return
      const safe = this.#lines.mask(source, line)
      // What follows belongs to the key, whatever it looks like.
      if (this.#lines.isInKey(source)) opensKey = true
      if (safe !== line || opensKey) {
        masked += text.slice(seen, suspect.start) + safe
        seen = suspect.end
      }
    })
    const levels = new Uint8Array(count).fill(guessedInfo)
    for (const { line, byte } of named) levels[line] = byte
    const rest = text.slice(seen)
    return { levels, text: masked + (isInKey || opensKey ? this.#oneByOne(source, rest, opensKey) : rest) }
  }

  /** A line whose level is known, or one that came by itself. */
  line(origin: LogOrigin, text: string): string {
    return this.#lines.mask(sourceOf(origin), text)
  }

  #oneByOne(source: string, text: string, isBehindKeyLine: boolean): string {
    const lines = text.split('\n')
    // The text goes on right behind the line that opened the key.
    const first = isBehindKeyLine ? 1 : 0
    return lines.map((line, index) => (index < first ? line : this.#lines.mask(source, line))).join('\n')
  }
}

function sourceOf({ stream, server }: LogOrigin): string {
  return `${stream} ${server}`
}
