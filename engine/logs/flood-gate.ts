/** Bytes that may be on their way to the log's thread before sources are held up. */
const mostBytes = 8 * 1024 * 1024

/** Knows how far the log's thread is behind. */
export class FloodGate {
  readonly #mostBytes: number
  #onWay = 0
  #isBehind = false
  #waiting: (() => void)[] = []

  constructor(bytes = mostBytes) {
    this.#mostBytes = bytes
  }

  /** From the moment that too much is on its way until half of it has arrived. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  sent(bytes: number): void {
    this.#onWay += bytes
    if (this.#onWay >= this.#mostBytes) this.#isBehind = true
  }

  taken(bytes: number): void {
    this.#onWay = Math.max(0, this.#onWay - bytes)
    if (this.#isBehind && this.#onWay <= this.#mostBytes / 2) this.#open()
  }

  /** Nothing will ever be taken again: whoever waits goes on. */
  end(): void {
    this.#onWay = Number.NEGATIVE_INFINITY
    this.#open()
  }

  /** Calls back once, when it is no longer behind. */
  onceOpen(listener: () => void): void {
    if (this.#isBehind) this.#waiting.push(listener)
    else listener()
  }

  #open(): void {
    this.#isBehind = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const tell of waiting) tell()
  }
}
