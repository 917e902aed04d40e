import { type Failure, failureOf } from '../../../shared/app-error.ts'
import type { LogFilter } from '../../../shared/contract.ts'
import type { LogBatch, LogLine } from '../../../shared/log.ts'
import { pause } from '../../client/pause.ts'
import { LogBuffer } from './log-buffer.ts'

/** Where lines come from: `logs.list` and `logs.tail` of the engine. */
export interface LogSource {
  list(
    input: LogFilter & { before?: string; limit: number },
    signal: AbortSignal,
  ): Promise<{ items: LogLine[]; next_before: string | null }>
  tail(
    input: Omit<LogFilter, 'since' | 'until'> & { after?: number },
    signal: AbortSignal,
  ): Promise<AsyncIterable<LogBatch>>
}

/** What is true of a feed now; a new object at each change. The lines are in `feed.buffer`. */
export interface FeedState {
  status: 'loading' | 'live' | 'ended' | 'broken'
  failure: Failure | null
  /** Rises whenever lines come or go. */
  version: number
  pausedAt: string | null
  held: number
  /** Lines that were lost while paused because too many came. */
  heldLost: number
  /** Lines that the engine left out because this page was slow. */
  dropped: number
  hasOlder: boolean
  isLoadingOlder: boolean
}

const pageSize = 1000
const heldCap = 200_000
const retryMs = 2000

/**
 * The lines of one filter, live: the newest page, then what comes, older pages on demand. Paused, it holds new
 * lines back and counts them. A broken stream is taken up again after the last line seen, until it is disposed of.
 */
export class LogFeed implements Disposable {
  readonly buffer: LogBuffer
  private readonly ending = new AbortController()
  private readonly listeners = new Set<() => void>()
  private readonly onLines = new Set<(lines: readonly LogLine[], lost: number) => void>()
  private held: LogLine[] = []
  private before: string | null = null
  private current: FeedState = {
    status: 'loading',
    failure: null,
    version: 0,
    pausedAt: null,
    held: 0,
    heldLost: 0,
    dropped: 0,
    hasOlder: false,
    isLoadingOlder: false,
  }
  private readonly source: LogSource
  private readonly filter: LogFilter

  constructor(source: LogSource, filter: LogFilter, buffer = new LogBuffer()) {
    this.source = source
    this.filter = filter
    this.buffer = buffer
    void this.run()
  }

  get state(): FeedState {
    return this.current
  }

  private get newest(): LogLine | undefined {
    return this.held.at(-1) ?? this.buffer.at(this.buffer.end - 1)
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Calls back with each live batch as it comes, shown or held, and with how many lines the engine could not take in. */
  watch(listener: (lines: readonly LogLine[], lost: number) => void): () => void {
    this.onLines.add(listener)
    return () => this.onLines.delete(listener)
  }

  pause(): void {
    if (this.current.pausedAt === null) this.change({ pausedAt: new Date().toISOString() })
  }

  /** Shows what was held. */
  resume(): void {
    if (this.current.pausedAt === null) return
    this.buffer.append(this.held)
    this.held = []
    this.change({ pausedAt: null, held: 0, heldLost: 0, version: this.current.version + 1 })
  }

  /** Puts the next older page before the lines; gives the number of lines that came. */
  async loadOlder(): Promise<number> {
    if (this.before === null || this.current.isLoadingOlder || this.buffer.length >= this.buffer.cap) return 0
    this.change({ isLoadingOlder: true })
    try {
      const page = await this.page(this.before)
      this.before = page.next_before
      const oldest = this.buffer.at(this.buffer.first)?.seq ?? Number.POSITIVE_INFINITY
      const taken = this.buffer.prepend(page.items.filter((line) => line.seq < oldest).reverse())
      this.change({ hasOlder: page.next_before !== null, version: this.current.version + 1, failure: null })
      return taken
    } catch (error) {
      if (!this.ending.signal.aborted) this.change({ failure: failureOf(error) })
      return 0
    } finally {
      this.change({ isLoadingOlder: false })
    }
  }

  [Symbol.dispose](): void {
    this.ending.abort()
    this.listeners.clear()
    this.onLines.clear()
  }

  private async run(): Promise<void> {
    let isFirst = true
    while (!this.ending.signal.aborted) {
      try {
        if (isFirst) await this.readNewest()
        isFirst = false
        if (this.filter.until !== undefined) {
          this.change({ status: 'ended' })
          return
        }
        await this.follow()
      } catch (error) {
        if (this.ending.signal.aborted) return
        this.change({ status: 'broken', failure: failureOf(error) })
      }
      await pause(retryMs, this.ending.signal)
    }
  }

  private async readNewest(): Promise<void> {
    const page = await this.page()
    if (this.ending.signal.aborted) return
    this.before = page.next_before
    this.buffer.append(page.items.toReversed())
    this.change({ hasOlder: page.next_before !== null, version: this.current.version + 1 })
  }

  private async follow(): Promise<void> {
    const { since: _since, until: _until, ...filter } = this.filter
    const after = this.newest === undefined ? {} : { after: this.newest.seq }
    const batches = await this.source.tail({ ...filter, ...after }, this.ending.signal)
    this.change({ status: 'live', failure: null })
    for await (const batch of batches) this.take(batch)
  }

  private take(batch: LogBatch): void {
    if (this.ending.signal.aborted) return
    const { dropped } = batch
    // A line written between the reading of the page and the start of the tail may come by both ways.
    const seen = this.newest?.seq ?? -1
    const lines = batch.lines.filter((line) => line.seq > seen)
    for (const listener of this.onLines) listener(lines, batch.lost)
    const lost = this.current.dropped + dropped
    if (this.current.pausedAt === null) {
      this.buffer.append(lines)
      this.change({ dropped: lost, version: this.current.version + 1 })
      return
    }
    const room = Math.max(0, heldCap - this.held.length)
    for (const line of lines.slice(0, room)) this.held.push(line)
    const tooMany = Math.max(0, lines.length - room)
    this.change({
      held: this.held.length,
      heldLost: this.current.heldLost + dropped + tooMany,
      dropped: lost + tooMany,
    })
  }

  private page(before?: string): Promise<{ items: LogLine[]; next_before: string | null }> {
    const input = { ...this.filter, limit: pageSize, ...(before !== undefined && { before }) }
    return this.source.list(input, this.ending.signal)
  }

  private change(part: Partial<FeedState>): void {
    this.current = { ...this.current, ...part }
    for (const listener of this.listeners) listener()
  }
}
