import { isUtf8 } from 'node:buffer'
import { LineSplitter } from './line-splitter.ts'

const lineFeed = 10
const carriageReturn = 13
/** A chunk no longer than this holds no line that would have to be cut. */
const largestChunk = 64 * 1024

/**
 * Chunks of a pipe in, whole lines out: what `LineSplitter` does, but the lines between the first and the last line end
 * of a chunk stay the bytes that came, with a line feed between two of them.
 */
export class ChunkLines {
  readonly #splitter = new LineSplitter()
  /** The last chunk ended with a line, so the splitter holds nothing. */
  #isBetweenLines = false

  /** The lines that ended, in UTF-8, as one text or two. The chunk must not change afterwards. */
  push(bytes: Uint8Array): Buffer[] {
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
    const texts = joined(ended)
    if (end >= start) texts.push(wellFormed(chunk.subarray(start, end)))
    this.#isBetweenLines = end === chunk.length - 1
    if (!this.#isBetweenLines) this.#splitter.push(chunk.subarray(end + 1))
    return texts
  }

  /** Ends the open line, if there is one. */
  end(): Buffer[] {
    this.#isBetweenLines = false
    return joined(this.#splitter.end())
  }
}

function joined(lines: readonly string[]): Buffer[] {
  return lines.length === 0 ? [] : [Buffer.from(lines.join('\n'))]
}

/** What is no UTF-8 becomes U+FFFD, and one carriage return before each line end goes. */
function wellFormed(lines: Buffer): Buffer {
  if (!lines.includes(carriageReturn)) return isUtf8(lines) ? lines : Buffer.from(lines.toString('utf8'))
  const text = lines.toString('utf8').replaceAll('\r\n', '\n')
  return Buffer.from(text.endsWith('\r') ? text.slice(0, -1) : text)
}
