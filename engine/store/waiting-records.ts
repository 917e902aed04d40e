/** Records, each a line of the journal as its bytes, on their way to the tables. */
interface Block {
  readonly bytes: Buffer
  used: number
  /** How many records. */
  count: number
}

const blockBytes = 256 * 1024
/** What some two thousand calls write. */
const plentyBlocks = 8

/**
 * What the journal has and the tables have not, oldest first: bytes in large blocks, since texts that wait outlive many collections
 * of garbage, each of which moves them.
 */
export class WaitingRecords {
  #blocks: Block[] = []
  /** The first one is as it was handed out. */
  #isHandedOut = false
  #bytes = 0
  #spare: Buffer | null = null

  /** Of all that waits. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether it is so much that it had better go. */
  get isPlenty(): boolean {
    return this.#blocks.length > plentyBlocks
  }

  /** Whether there is more than a block that is still being filled. */
  get isBehind(): boolean {
    return this.#blocks.length > 1
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0
  }

  /** Copies the lines of so many records. */
  add(lines: Uint8Array, count: number): void {
    const block = this.#roomFor(lines.length)
    block.bytes.set(lines, block.used)
    block.used += lines.length
    block.count += count
    this.#bytes += lines.length
  }

  /** The oldest, the same until they are taken. Null where none wait. */
  first(): { lines: Uint8Array; count: number } | null {
    const [block] = this.#blocks
    if (block === undefined) return null
    this.#isHandedOut = true
    return { lines: block.bytes.subarray(0, block.used), count: block.count }
  }

  /** Those that `first` told are in the tables. */
  taken(): void {
    const block = this.#blocks.shift()!
    this.#isHandedOut = false
    this.#bytes -= block.used
    if (block.bytes.length === blockBytes) this.#spare = block.bytes
  }

  #roomFor(length: number): Block {
    const last = this.#blocks.at(-1)
    const isOpen = this.#blocks.length > (this.#isHandedOut ? 1 : 0)
    if (last !== undefined && isOpen && last.used + length <= last.bytes.length) return last
    const bytes =
      length > blockBytes ? Buffer.allocUnsafeSlow(length) : (this.#spare ?? Buffer.allocUnsafeSlow(blockBytes))
    if (bytes === this.#spare) this.#spare = null
    const block = { bytes, used: 0, count: 0 }
    this.#blocks.push(block)
    return block
  }
}
