/** The last items pushed, as many as it holds. */
export class Ring<T> {
  readonly #capacity: number
  readonly #items: T[] = []
  /** Place of the oldest item, once the ring is full. */
  #start = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  push(item: T): void {
    if (this.#items.length < this.#capacity) {
      this.#items.push(item)
      return
    }
    this.#items[this.#start] = item
    this.#start = (this.#start + 1) % this.#capacity
  }

  /** Oldest first; a copy. */
  toArray(): T[] {
    return [...this.#items.slice(this.#start), ...this.#items.slice(0, this.#start)]
  }
}
