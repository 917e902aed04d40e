import { LineSplitter } from './line-splitter.ts'

const lineFeed = 10
/** A chunk no longer than this holds no line that would have to be cut. */
const largestChunk = 64 * 1024

/**
 * Chunks of a pipe in, whole lines out: what `LineSplitter` does, but the lines between the first and the last line end
 * of a chunk stay one text, with a line feed between two of them.
 */
export class ChunkLines {
  readonly #splitter = new LineSplitter()
  /** The last chunk ended with a line, so the splitter holds nothing. */
  #isBetweenLines = false

  /** Null where no line ended. */
  push(bytes: Uint8Array): string | null {
    if (bytes.length > largestChunk) {
      this.#isBetweenLines = bytes.at(-1) === lineFeed
      return joined(this.#splitter.push(bytes))
    }
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const start = this.#isBetweenLines ? 0 : chunk.indexOf(lineFeed) + 1
    const end = chunk.lastIndexOf(lineFeed)
    const ended = this.#isBetweenLines ? [] : this.#splitter.push(start === 0 ? chunk : chunk.subarray(0, start))
    if (end === -1 || (start === 0 && !this.#isBetweenLines)) {
      if (this.#isBetweenLines) this.#splitter.push(chunk)
      this.#isBetweenLines = false
      return joined(ended)
    }
    if (end >= start) ended.push(withoutReturns(chunk.toString('utf8', start, end)))
    this.#isBetweenLines = end === chunk.length - 1
    if (!this.#isBetweenLines) this.#splitter.push(chunk.subarray(end + 1))
    return joined(ended)
  }

  /** Ends the open line, if there is one. */
  end(): string | null {
    this.#isBetweenLines = false
    return joined(this.#splitter.end())
  }
}

function joined(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join('\n')
}

/** Each line without one carriage return before its end. */
function withoutReturns(text: string): string {
  if (!text.includes('\r')) return text
  const whole = text.replaceAll('\r\n', '\n')
  return whole.endsWith('\r') ? whole.slice(0, -1) : whole
}
