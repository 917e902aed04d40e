const MAX_HELD_LINES = 100_000

/**
 * Puts a message together again that a server printed over several lines. Only the one unambiguous form is taken: a
 * line that is nothing but `{`, up to a line that is nothing but `}`, both at the margin.
 */
export class LineJoiner {
  readonly #maxLength: number
  #held: string[] = []
  #length = 0

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /** The texts that are complete with this line; none while a message is being put together. */
  take(line: string): string[] {
    if (this.#held.length === 0 && line.trimEnd() !== '{') return [line]
    const isTooMuch = this.#length + line.length > this.#maxLength || this.#held.length === MAX_HELD_LINES
    if (isTooMuch || line.startsWith('{"jsonrpc"')) return [...this.flush(), line]
    this.#held.push(line)
    this.#length += line.length + 1
    if (line.trimEnd() !== '}') return []
    const lines = this.flush()
    const text = lines.join('\n')
    return text.includes('"jsonrpc"') ? [text] : lines
  }

  /** What is held, as the lines that came. */
  flush(): string[] {
    const lines = this.#held
    this.#held = []
    this.#length = 0
    return lines
  }
}
