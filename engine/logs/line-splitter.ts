const defaultMaxLength = 64 * 1024

/**
 * Bytes in, lines out, without their line ends. UTF-8 may be cut anywhere; what is no UTF-8 becomes U+FFFD, and a
 * byte order mark at the very start is taken away. Each byte is looked at once, however small the chunks are.
 */
export class LineSplitter {
  // Node's decoder may take a mark in the middle of a stream for one at its start, so the start is looked at here.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #maxLength: number
  #isAtStart = true
  /** The start of the open line, as far as it is kept. */
  #kept = ''
  /** Characters of the open line that were not kept, and the last of them. */
  #cut = 0
  #lastCut = ''

  /** `maxLength`: characters kept of a line; a longer one ends in a mark that says how many are missing. */
  constructor({ maxLength = defaultMaxLength }: { maxLength?: number } = {}) {
    this.#maxLength = maxLength
  }

  push(chunk: Uint8Array): string[] {
    return this.#split(this.#withoutMark(this.#decoder.decode(chunk, { stream: true })))
  }

  /** The line that has not ended yet, as far as it is kept. */
  get open(): string {
    return this.#kept
  }

  /** The last lines, when the source has ended; one without a line end included. */
  end(): string[] {
    const lines = this.#split(this.#withoutMark(this.#decoder.decode()))
    if (this.#kept !== '') lines.push(this.#close())
    return lines
  }

  #withoutMark(text: string): string {
    if (!this.#isAtStart || text === '') return text
    this.#isAtStart = false
    return text.startsWith('\ufeff') ? text.slice(1) : text
  }

  #split(text: string): string[] {
    const lines: string[] = []
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#open(text.slice(start, end))
      lines.push(this.#close())
      start = end + 1
    }
    this.#open(text.slice(start))
    return lines
  }

  /** Adds to the open line. One character more than the limit is kept: it may be the `\r` of the line end. */
  #open(text: string): void {
    const room = this.#maxLength + 1 - this.#kept.length
    if (text.length <= room && this.#cut === 0) {
      this.#kept += text
      return
    }
    this.#kept += text.slice(0, room)
    const rest = text.slice(room)
    this.#cut += rest.length
    this.#lastCut = rest.at(-1) ?? this.#lastCut
  }

  #close(): string {
    const endsInReturn = (this.#cut > 0 ? this.#lastCut : this.#kept.at(-1)) === '\r'
    const length = this.#kept.length + this.#cut - (endsInReturn ? 1 : 0)
    const line = this.#kept.slice(0, Math.min(length, this.#maxLength))
    this.#kept = ''
    this.#cut = 0
    return length <= this.#maxLength ? line : marked(line, length)
  }
}

function marked(start: string, length: number): string {
  // Half of a surrogate pair is no character.
  const whole = start.replace(/[\ud800-\udbff]$/, '')
  return `${whole} … [${length - whole.length} more characters cut]`
}
