import type { LogLine } from '../../../shared/log.ts'

/**
 * Lines in their order in a ring that grows to `cap`; past that the oldest go. Each line keeps its place number
 * from `first` on: appended lines continue at the end, older ones prepended lower `first` (even below zero), so a
 * view that remembers a place never jumps. Appending a batch costs its own length, whatever is held.
 */
export class LogBuffer {
  readonly cap: number
  private ring: (LogLine | undefined)[]
  private head = 0
  private count = 0
  private firstPlace = 0

  constructor(cap = 1_000_000) {
    this.cap = cap
    this.ring = new Array(Math.min(1024, cap))
  }

  /** Place of the oldest line held. */
  get first(): number {
    return this.firstPlace
  }

  /** Place after the newest line held. */
  get end(): number {
    return this.firstPlace + this.count
  }

  get length(): number {
    return this.count
  }

  at(place: number): LogLine | undefined {
    const index = place - this.firstPlace
    if (index < 0 || index >= this.count) return undefined
    return this.ring[(this.head + index) % this.ring.length]
  }

  /** Adds newer lines, oldest first; gives the number of old lines that had to go. */
  append(lines: readonly LogLine[]): number {
    const kept = lines.length > this.cap ? lines.slice(lines.length - this.cap) : lines
    this.reserve(Math.min(this.cap, this.count + kept.length))
    const gone = Math.max(0, this.count + kept.length - this.cap)
    this.dropOldest(gone)
    for (const line of kept) this.ring[(this.head + this.count++) % this.ring.length] = line
    this.firstPlace += lines.length - kept.length
    return gone + lines.length - kept.length
  }

  /** Adds older lines, oldest first, as far as there is room; gives the number taken (the newest of them). */
  prepend(lines: readonly LogLine[]): number {
    const taken = Math.min(lines.length, this.cap - this.count)
    this.reserve(this.count + taken)
    for (let index = lines.length - 1; index >= lines.length - taken; index--) {
      this.head = (this.head - 1 + this.ring.length) % this.ring.length
      this.ring[this.head] = lines[index]
    }
    this.count += taken
    this.firstPlace -= taken
    return taken
  }

  /** The place of the line with this `seq`, by bisection; null when it is not held. */
  placeOf(seq: number): number | null {
    const place = this.placeFrom(seq)
    return this.at(place)?.seq === seq ? place : null
  }

  /** The place of the first line with this `seq` or a later one; `end` when there is none. */
  placeFrom(seq: number): number {
    let low = this.first
    let high = this.end
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.at(middle)!.seq < seq) low = middle + 1
      else high = middle
    }
    return low
  }

  private dropOldest(gone: number): void {
    for (let index = 0; index < gone; index++) this.ring[(this.head + index) % this.ring.length] = undefined
    this.head = (this.head + gone) % this.ring.length
    this.count -= gone
    this.firstPlace += gone
  }

  private reserve(needed: number): void {
    if (needed <= this.ring.length) return
    const grown: (LogLine | undefined)[] = new Array(Math.min(this.cap, Math.max(needed, this.ring.length * 2)))
    for (let index = 0; index < this.count; index++) grown[index] = this.ring[(this.head + index) % this.ring.length]
    this.ring = grown
    this.head = 0
  }
}
