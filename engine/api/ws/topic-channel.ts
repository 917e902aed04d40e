import { textFrame } from './text-frame.ts'
import { type KeptFrame, TopicRing } from './topic-ring.ts'

export interface ChannelReader {
  /** Told of each message as it comes; what it cannot take now it finds in the channel later. */
  offer(kept: KeptFrame): void
  /** Nothing more will be published. */
  ended(): void
}

/**
 * One topic as one kind of reader sees it: numbers each message, makes its frame once, keeps the newest and hands them
 * to whoever reads. A slow reader costs nothing here: it has a cursor, not a queue.
 */
export class TopicChannel {
  readonly name: string
  /** The number before its first message: what lies at or below belongs to a channel of that name that is gone. */
  readonly floor: number
  readonly #ring = new TopicRing()
  readonly #readers = new Set<ChannelReader>()
  readonly #onIdle: () => void
  #last: number
  #isEnded = false

  /** `onIdle`: told when the last reader has left. */
  constructor(name: string, floor: number, onIdle: () => void) {
    this.name = name
    this.floor = floor
    this.#last = floor
    this.#onIdle = onIdle
  }

  get last(): number {
    return this.#last
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  get isIdle(): boolean {
    return this.#readers.size === 0
  }

  publish(data: unknown): void {
    if (this.#isEnded) return
    const seq = ++this.#last
    const at = new Date().toISOString()
    const kept = { seq, frame: textFrame(JSON.stringify({ type: 'event', topic: this.name, seq, at, data })) }
    this.#ring.push(kept)
    for (const reader of this.#readers) reader.offer(kept)
  }

  /** So many messages were lost before they came here: readers see the hole in the numbers. */
  skip(count: number): void {
    this.#last += count
  }

  end(): void {
    this.#isEnded = true
    for (const reader of this.#readers) reader.ended()
    if (this.isIdle) this.#onIdle()
  }

  following(seq: number): KeptFrame | undefined {
    return this.#ring.following(seq)
  }

  join(reader: ChannelReader): Disposable {
    this.#readers.add(reader)
    return {
      [Symbol.dispose]: () => {
        if (this.#readers.delete(reader) && this.isIdle) this.#onIdle()
      },
    }
  }
}
