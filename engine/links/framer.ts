import { isUtf8 } from 'node:buffer'
import { idFromTail, type RequestId, scanObject } from './json-scan.ts'

/** One line of a server's stdout, or what is left of one that is too long. */
export type Frame =
  | { kind: 'line'; text: string; isUtf8: boolean; bytes: Buffer }
  /** Told as soon as the limit is passed where the line begins with its id, else at its end; the rest is thrown away. */
  | { kind: 'oversize'; id: RequestId | null; bytes: number; head: string }
  /** A line that is so long that it will not end. Told once. */
  | { kind: 'endless'; bytes: number }

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const HEAD_BYTES = 4096
const PEEK_BYTES = 64 * 1024
const TAIL_BYTES = 512
/** A line this many times over the limit is taken to be endless. */
const ENDLESS_TIMES = 32
const CLOSE_OBJECT = 0x7d
/** Parts shorter than this are gathered, so that a line written byte by byte is not a list of its bytes. */
const SMALL_BYTES = 4096
/** Stands for what was no UTF-8, or for itself. */
const replacement = '\ufffd'
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Cuts a byte stream into lines. Chunks of an unfinished line are kept in a list and joined once, at its end; memory
 * never passes `maxBytes` plus one chunk. Lines end with LF or CRLF and with nothing else: U+2028 is text in JSON.
 */
export class Framer {
  readonly #maxBytes: number
  readonly #emit: (frame: Frame) => void
  readonly #small = Buffer.allocUnsafe(SMALL_BYTES)
  #smallBytes = 0
  #chunks: Buffer[] = []
  #bytes = 0
  /** Of that line, in the chunk whose whole lines are being told. */
  #ahead = 0
  #tail = Buffer.alloc(0)
  #head = ''
  #headId: RequestId | null = null
  #isOversize = false
  #isEndless = false
  #isFirstLine = true

  constructor(maxBytes: number, emit: (frame: Frame) => void) {
    this.#maxBytes = maxBytes
    this.#emit = emit
  }

  /** Bytes of the line that has not ended yet. */
  get pendingBytes(): number {
    return this.#bytes + this.#ahead
  }

  /** The line that has not ended yet, as far as it is held; null where it cannot be the whole of an object. */
  get pendingObject(): string | null {
    if (this.#isOversize || this.#bytes === 0) return null
    const line = Buffer.concat([...this.#chunks, this.#small.subarray(0, this.#smallBytes)])
    return line[line.length - 1] === CLOSE_OBJECT ? line.toString('utf8') : null
  }

  /** The beginning of the line that has not ended yet. */
  get pendingHead(): string {
    if (this.#isOversize) return this.#head
    return Buffer.concat([...this.#chunks, this.#small.subarray(0, this.#smallBytes)]).toString('utf8', 0, PEEK_BYTES)
  }

  push(chunk: Buffer): void {
    let from = 0
    this.#ahead = chunk.length - (chunk.lastIndexOf(NEWLINE) + 1)
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      if (this.#bytes === 0 && end - from <= this.#maxBytes) this.#emitLine(chunk.subarray(from, end))
      else {
        this.#add(chunk.subarray(from, end))
        this.#endLine()
      }
      from = end + 1
    }
    this.#ahead = 0
    if (from < chunk.length) this.#add(chunk.subarray(from))
  }

  /** The stream is over: a last line without its end comes out as it is. */
  end(): void {
    if (this.#bytes > 0) this.#endLine()
  }

  #add(part: Buffer): void {
    this.#bytes += part.length
    if (this.#isOversize) {
      this.#keepTail(part)
      this.#watchEndless()
      return
    }
    if (part.length + this.#smallBytes > SMALL_BYTES) this.#gatherSmall()
    if (part.length < SMALL_BYTES) this.#smallBytes += part.copy(this.#small, this.#smallBytes)
    else this.#chunks.push(part)
    if (this.#bytes > this.#maxBytes) this.#overflow()
  }

  #watchEndless(): void {
    if (this.#isEndless || this.#bytes <= this.#maxBytes * ENDLESS_TIMES) return
    this.#isEndless = true
    this.#emit({ kind: 'endless', bytes: this.#bytes })
  }

  #gatherSmall(): void {
    if (this.#smallBytes > 0) this.#chunks.push(Buffer.from(this.#small.subarray(0, this.#smallBytes)))
    this.#smallBytes = 0
  }

  /** The line so far, which is then no longer held here. */
  #takeLine(): Buffer {
    this.#gatherSmall()
    const line = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#chunks = []
    return line
  }

  #overflow(): void {
    const line = this.#takeLine()
    this.#isOversize = true
    this.#head = line.toString('utf8', 0, HEAD_BYTES)
    const start = this.#head.indexOf('{')
    this.#headId = start === -1 ? null : (scanObject(this.#head.slice(start)).ids[0] ?? null)
    this.#keepTail(line)
    if (this.#headId !== null) this.#emitOversize(this.#headId)
  }

  #keepTail(part: Buffer): void {
    // A copy, so that a few bytes do not hold a whole chunk in memory.
    this.#tail = Buffer.concat([this.#tail, part.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
  }

  #emitOversize(id: RequestId | null): void {
    this.#emit({ kind: 'oversize', id, bytes: this.#bytes, head: this.#head })
  }

  #endLine(): void {
    if (!this.#isOversize) this.#emitLine(this.#takeLine())
    else if (this.#headId === null) this.#emitOversize(idFromTail(this.#tail.toString('utf8')))
    this.#bytes = 0
    this.#tail = Buffer.alloc(0)
    this.#isOversize = false
    this.#isEndless = false
  }

  #emitLine(whole: Buffer): void {
    let line = whole
    if (this.#isFirstLine && line.subarray(0, 3).equals(byteOrderMark)) line = line.subarray(3)
    if (line[line.length - 1] === CARRIAGE_RETURN) line = line.subarray(0, -1)
    this.#isFirstLine = false
    if (line.length === 0) return
    const text = line.toString('utf8')
    this.#emit({ kind: 'line', text, isUtf8: !text.includes(replacement) || isUtf8(line), bytes: line })
  }
}
