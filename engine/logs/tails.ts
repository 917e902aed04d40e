import type { LogFilter } from '../../shared/contract.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { LogBatch, LogLine } from '../../shared/log.ts'
import { type LogSegment, linesOf } from '../store/log-block.ts'
import { logMatcher } from './filter.ts'
import type { TailFilter } from './intake-messages.ts'
import { TailQueue } from './tail-queue.ts'

interface TailsOptions {
  /** As the store's. */
  following(range: LogFilter & { after: number; through: number; limit: number }): Promise<LogLine[]>
  /** Brings all lines so far to the store. */
  flush(): Promise<void>
}

interface Tail {
  server: readonly ServerId[] | undefined
  queue: TailQueue
  batches: AsyncGenerator<LogBatch, void>
}

const linesKept = 2_000
const replayPage = 200

/** Those who watch the log live, each with what it has still to see. */
export class Tails implements Disposable {
  readonly #options: TailsOptions
  readonly #tails = new Map<number, Tail>()
  /** The newest segments, for those who come back: about 2,000 lines. */
  #kept: LogSegment[] = []
  #keptLines = 0

  constructor(options: TailsOptions) {
    this.#options = options
  }

  /** `through`: the number of the last line so far; all later ones come by `push`. */
  open(tail: number, { after, ...filter }: TailFilter & { after?: number }, through: number): void {
    const queue = new TailQueue(logMatcher(filter))
    const kept = [...this.#kept]
    const replay = after === undefined || after >= through ? [] : this.#replay(filter, after, through, kept)
    this.#tails.set(tail, { server: filter.server, queue, batches: live(replay, queue) })
  }

  has(tail: number): boolean {
    return this.#tails.has(tail)
  }

  async next(tail: number): Promise<LogBatch | null> {
    const batch = await this.#tails.get(tail)?.batches.next()
    return batch?.value ?? null
  }

  leave(tail: number): void {
    this.#tails.get(tail)?.queue.end()
    this.#tails.delete(tail)
  }

  push(segment: LogSegment): void {
    this.#kept.push(segment)
    this.#keptLines += segment.levels.length
    while (this.#keptLines - this.#kept[0]!.levels.length >= linesKept) {
      this.#keptLines -= this.#kept.shift()!.levels.length
    }
    if (this.#tails.size === 0) return
    const lines = linesOf(segment)
    for (const { queue } of this.#tails.values()) for (const line of lines) queue.push(line)
  }

  lose(server: ServerId, lines: number): void {
    for (const tail of this.#tails.values()) {
      if (tail.server === undefined || tail.server.includes(server)) tail.queue.lose(lines)
    }
  }

  [Symbol.dispose](): void {
    for (const tail of this.#tails.keys()) this.leave(tail)
  }

  /** The lines after `after` up to `through`: from memory where it reaches back far enough, else from the store. */
  async *#replay(
    filter: TailFilter,
    after: number,
    through: number,
    kept: readonly LogSegment[],
  ): AsyncGenerator<LogBatch, void> {
    const oldest = kept[0]?.first_seq ?? through + 1
    if (oldest <= after + 1) {
      const lines = kept.flatMap(linesOf).filter(({ seq }) => seq > after)
      yield* batches(lines.filter(logMatcher(filter)))
      return
    }
    await this.#options.flush()
    for (let seen = after; ; ) {
      const lines = await this.#options.following({ ...filter, after: seen, through, limit: replayPage })
      if (lines.length > 0) yield { lines, dropped: 0, lost: 0 }
      if (lines.length < replayPage) return
      seen = lines.at(-1)!.seq
    }
  }
}

async function* live(
  replay: AsyncIterable<LogBatch> | Iterable<LogBatch>,
  queue: TailQueue,
): AsyncGenerator<LogBatch, void> {
  yield* replay
  for (let batch = await queue.next(); batch; batch = await queue.next()) yield batch
}

function* batches(lines: readonly LogLine[]): Generator<LogBatch> {
  for (let start = 0; start < lines.length; start += replayPage) {
    yield { lines: lines.slice(start, start + replayPage), dropped: 0, lost: 0 }
  }
}
