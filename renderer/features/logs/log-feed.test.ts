import { describe, expect, it } from 'vitest'
import type { LogBatch, LogLine } from '../../../shared/log.ts'
import { LogBuffer } from './log-buffer.ts'
import { LogFeed, type LogSource } from './log-feed.ts'

const line = (seq: number) => ({ seq, text: `line ${seq}` }) as LogLine

/** An engine with `stored` lines that are kept, and a tail that the test feeds. */
class Engine implements LogSource {
  readonly asked: unknown[] = []
  private push: ((batch: LogBatch) => void) | undefined
  private readonly stored: number
  tailing = Promise.withResolvers<void>()

  constructor(stored: number) {
    this.stored = stored
  }

  async list(input: { before?: string; limit: number }) {
    const newest = input.before === undefined ? this.stored : Number(input.before) - 1
    const count = Math.min(input.limit, newest)
    const items = Array.from({ length: count }, (_, index) => line(newest - index))
    return { items, next_before: count < newest ? String(newest - count + 1) : null }
  }

  async tail(input: object, signal: AbortSignal) {
    this.asked.push(input)
    const stream = new ReadableStream<LogBatch>({
      start: (controller) => {
        this.push = (batch) => controller.enqueue(batch)
        signal.addEventListener('abort', () => controller.close(), { once: true })
        this.tailing.resolve()
      },
    })
    return stream as unknown as AsyncIterable<LogBatch>
  }

  async write(feed: LogFeed, batch: LogBatch) {
    const changed = Promise.withResolvers<void>()
    const stop = feed.watch(() => changed.resolve())
    this.push!(batch)
    await changed.promise
    stop()
  }
}

const held = ({ buffer }: LogFeed) => ({
  from: buffer.at(buffer.first)?.seq,
  to: buffer.at(buffer.end - 1)?.seq,
  lines: buffer.length,
})

describe('LogFeed', () => {
  it('starts with the newest page, goes on with what comes after it and reaches back to the first line', async () => {
    const engine = new Engine(2500)
    using feed = new LogFeed(engine, { level: 'warn' })
    await engine.tailing.promise
    expect(engine.asked).toEqual([{ level: 'warn', after: 2500 }])
    await engine.write(feed, { lines: [line(2501), line(2502)], dropped: 0, lost: 0 })
    expect(held(feed)).toEqual({ from: 1501, to: 2502, lines: 1002 })
    expect([await feed.loadOlder(), await feed.loadOlder(), await feed.loadOlder()]).toEqual([1000, 500, 0])
    expect({ ...held(feed), hasOlder: feed.state.hasOlder }).toEqual({
      from: 1,
      to: 2502,
      lines: 2502,
      hasOlder: false,
    })
  })

  it('holds lines back while paused, counts them, and loses none when it goes on', async () => {
    const engine = new Engine(1)
    using feed = new LogFeed(engine, {})
    await engine.tailing.promise
    feed.pause()
    await engine.write(feed, { lines: [line(2), line(3)], dropped: 0, lost: 0 })
    expect({ held: feed.state.held, lost: feed.state.heldLost, shown: feed.buffer.length }).toEqual({
      held: 2,
      lost: 0,
      shown: 1,
    })
    feed.resume()
    expect({ ...held(feed), paused: feed.state.pausedAt }).toEqual({ from: 1, to: 3, lines: 3, paused: null })
  })

  it('takes a line once that comes both with the page and with the tail', async () => {
    const engine = new Engine(3)
    using feed = new LogFeed(engine, {})
    await engine.tailing.promise
    await engine.write(feed, { lines: [line(3), line(4)], dropped: 0, lost: 0 })
    expect(held(feed)).toEqual({ from: 1, to: 4, lines: 4 })
  })

  it('says how many lines the engine had to leave out', async () => {
    const engine = new Engine(0)
    using feed = new LogFeed(engine, {}, new LogBuffer(10))
    await engine.tailing.promise
    await engine.write(feed, { lines: [line(50)], dropped: 49, lost: 0 })
    expect(feed.state.dropped).toBe(49)
  })

  it('does not follow a span that has an end', async () => {
    const engine = new Engine(3)
    using feed = new LogFeed(engine, { until: '2026-11-22T14:00:00.000Z' })
    const ended = Promise.withResolvers<void>()
    feed.subscribe(() => feed.state.status === 'ended' && ended.resolve())
    await ended.promise
    expect({ asked: engine.asked, lines: feed.buffer.length }).toEqual({ asked: [], lines: 3 })
  })
})
