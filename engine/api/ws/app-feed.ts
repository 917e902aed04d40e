import type { EngineEvent, StreamMessage } from '../../../shared/snapshot.ts'

export interface FeedListener {
  event(event: EngineEvent): void
  /** So many events went by unseen. */
  missed(count: number): void
}

/** One reader of the engine's facts for all topics that are made of them; reads only while somebody listens. */
export class AppFeed {
  readonly #follow: (signal: AbortSignal) => Promise<AsyncIterable<StreamMessage>>
  readonly #report: (error: unknown) => void
  readonly #listeners = new Set<FeedListener>()
  #reading: AbortController | null = null

  constructor(
    follow: (signal: AbortSignal) => Promise<AsyncIterable<StreamMessage>>,
    report: (error: unknown) => void,
  ) {
    this.#follow = follow
    this.#report = report
  }

  listen(listener: FeedListener): Disposable {
    this.#listeners.add(listener)
    if (this.#reading === null) {
      this.#reading = new AbortController()
      void this.#read(this.#reading.signal)
    }
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener)
        if (this.#listeners.size > 0) return
        this.#reading?.abort()
        this.#reading = null
      },
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    let last: number | null = null
    try {
      for await (const message of await this.#follow(signal)) {
        if (signal.aborted) return
        if (message.kind === 'snapshot') {
          // Not the first one: we were so far behind that the changes were gone.
          const missed = last === null ? 0 : message.seq - last
          if (missed > 0) for (const listener of this.#listeners) listener.missed(missed)
        } else {
          for (const event of message.events) for (const listener of this.#listeners) listener.event(event)
        }
        last = message.seq
      }
    } catch (error) {
      if (!signal.aborted) this.#report(error)
    }
  }
}
