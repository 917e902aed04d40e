import type { ServerMessage } from '../../../shared/ws-messages.ts'
import type { ChannelReader, TopicChannel } from './topic-channel.ts'
import type { KeptFrame } from './topic-ring.ts'

/** What a subscription needs of its socket. */
export interface FrameSink {
  /** False while so much lies unsent that only the ring may keep what comes. */
  readonly canTake: boolean
  write(frame: Buffer): void
  say(message: ServerMessage): void
  /** Asks to be pumped once the socket can take more. */
  fallBehind(subscription: Subscription): void
  ended(subscription: Subscription): void
}

type GapReason = Extract<ServerMessage, { type: 'gap' }>['reason']

/** One socket's place in one topic. */
export class Subscription implements ChannelReader, Disposable {
  readonly channel: TopicChannel
  readonly #sink: FrameSink
  readonly #joined: Disposable
  #cursor: number
  /** What is missing before the first one was there before this reader was. */
  #gapReason: GapReason = 'too_old'

  /** `after`: the last number that was seen. */
  constructor(channel: TopicChannel, sink: FrameSink, after: number) {
    this.channel = channel
    this.#sink = sink
    this.#cursor = after
    this.#joined = channel.join(this)
  }

  offer({ seq, frame }: KeptFrame): void {
    if (this.#cursor === seq - 1 && this.#sink.canTake) {
      this.#cursor = seq
      this.#sink.write(frame)
    } else {
      this.pump()
    }
  }

  ended(): void {
    this.pump()
  }

  /** Sends what is kept and not yet seen, as much as the socket takes, and tells what is not kept any more. */
  pump(): void {
    for (let next = this.channel.following(this.#cursor); next; next = this.channel.following(this.#cursor)) {
      if (!this.#sink.canTake) {
        this.#sink.fallBehind(this)
        return
      }
      this.#tellGap(next.seq - 1)
      this.#cursor = next.seq
      this.#sink.write(next.frame)
    }
    this.#gapReason = 'slow'
    if (this.channel.isEnded) this.#sink.ended(this)
  }

  [Symbol.dispose](): void {
    this.#joined[Symbol.dispose]()
  }

  #tellGap(to: number): void {
    const from = this.#cursor + 1
    if (from > to) return
    this.#sink.say({
      type: 'gap',
      topic: this.channel.name,
      from,
      to,
      missed: to - this.#cursor,
      reason: this.#gapReason,
    })
    this.#gapReason = 'slow'
  }
}
