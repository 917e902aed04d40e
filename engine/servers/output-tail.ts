import { LineSplitter } from '../logs/line-splitter.ts'

const bytesKept = 32 * 1024
const linesKept = 50

/** The last bytes of a stream; they are made into lines when somebody asks, which is rare. */
export class OutputTail {
  readonly #bytes = Buffer.allocUnsafe(bytesKept)
  /** All that ever came. */
  #written = 0
  #isEnded = false

  push(chunk: Buffer): void {
    const part = chunk.subarray(Math.max(0, chunk.length - bytesKept))
    const place = (this.#written + chunk.length - part.length) % bytesKept
    const room = bytesKept - place
    part.copy(this.#bytes, place, 0, room)
    if (part.length > room) part.copy(this.#bytes, 0, room)
    this.#written += chunk.length
  }

  /** From now on the open line counts as a line. */
  end(): void {
    this.#isEnded = true
  }

  /** The last lines, oldest first, at most 50. */
  lines(): string[] {
    const { lines, open } = this.#split()
    return (this.#isEnded && open !== '' ? [...lines, open] : lines).slice(-linesKept)
  }

  /** What stands behind the last line end. */
  get openLine(): string {
    return this.#split().open
  }

  #split(): { lines: string[]; open: string } {
    const splitter = new LineSplitter()
    const lines = splitter.push(this.#kept())
    const { open } = splitter
    // What is kept begins within a line.
    return { lines: this.#written > bytesKept ? lines.slice(1) : lines, open }
  }

  #kept(): Buffer {
    if (this.#written <= bytesKept) return this.#bytes.subarray(0, this.#written)
    const place = this.#written % bytesKept
    return Buffer.concat([this.#bytes.subarray(place), this.#bytes.subarray(0, place)])
  }
}
