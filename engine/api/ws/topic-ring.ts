export interface KeptFrame {
  readonly seq: number
  readonly frame: Buffer
}

export const keptMessages = 1_000
const keptBytes = 512 * 1024

/** The newest messages of one topic, bounded in number and bytes; numbers may jump where some were lost on their way here. */
export class TopicRing {
  readonly #frames: KeptFrame[] = []
  #bytes = 0

  push(kept: KeptFrame): void {
    this.#frames.push(kept)
    this.#bytes += kept.frame.length
    // The newest one is kept whatever its size: nobody could be sent it otherwise.
    while (this.#frames.length > keptMessages || (this.#bytes > keptBytes && this.#frames.length > 1)) {
      this.#bytes -= this.#frames.shift()!.frame.length
    }
  }

  /** The oldest one with a number above this; undefined where there is none. */
  following(seq: number): KeptFrame | undefined {
    let low = 0
    let high = this.#frames.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#frames[middle]!.seq > seq) high = middle
      else low = middle + 1
    }
    return this.#frames[low]
  }
}
