import type { LogFilter } from '../../shared/contract.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { LogBatch, LogLine } from '../../shared/log.ts'
import type { LogStore } from '../store/store.ts'
import { logMatcher } from './filter.ts'
import { guessLevel } from './level-guess.ts'
import type { LogPipeline, NewLogLine } from './log-pipeline.ts'
import { Ring } from './ring.ts'
import { StoreWriter } from './store-writer.ts'
import { TailQueue } from './tail-queue.ts'

type TailFilter = Pick<LogFilter, 'server' | 'level' | 'stream' | 'q'>

interface PipelineOptions {
  /** Where lines are kept; null keeps only the last ones, in memory. The caller closes it, after the pipeline. */
  store: LogStore | null
  /** Milliseconds since 1970. */
  now?: () => number
  /** Lines that may wait for the store before new ones are dropped and counted. */
  maxBehind?: number
  /** The text as it may be kept and shown; `source` is what the lines of one origin have in common. */
  mask?: (source: string, text: string) => string
  /** Told once when the store begins to refuse lines. */
  onStoreFailure?: (error: unknown) => void
  /** Told when the store takes lines again. */
  onStoreRecovery?: () => void
  /** While true no line goes to the store: each is dropped and counted. */
  isPaused?: () => boolean
}

const ringSize = 2_000
const serverRingSize = 50
const replayPage = 200

/** The one way of all log lines: numbered after those in the store, kept for a while, stored, and shown live. */
export async function createLogPipeline(options: PipelineOptions): Promise<LogPipeline> {
  return new BatchingPipeline(options, (await options.store?.lastSeq()) ?? 0)
}

class BatchingPipeline implements LogPipeline {
  readonly #store: LogStore | null
  readonly #writer: StoreWriter | null
  readonly #now: () => number
  readonly #mask: (source: string, text: string) => string
  readonly #ring = new Ring<LogLine>(ringSize)
  readonly #serverRings = new Map<ServerId, Ring<string>>()
  readonly #tails = new Set<TailQueue>()
  #lastSeq: number
  #isClosed = false

  constructor(options: PipelineOptions, lastSeq: number) {
    const { store, now = Date.now, maxBehind = 100_000, mask = (_, text) => text } = options
    const { onStoreFailure, onStoreRecovery, isPaused } = options
    this.#store = store
    this.#now = now
    this.#mask = mask
    this.#lastSeq = lastSeq
    const onFailure = onStoreFailure ?? (() => {})
    const onRecovery = onStoreRecovery ?? (() => {})
    const onLoss = (lost: ReadonlyMap<ServerId, number>): void => this.#tellLoss(lost)
    this.#writer =
      store && new StoreWriter({ store, maxBehind, onLoss, onFailure, onRecovery, isPaused: isPaused ?? (() => false) })
  }

  write(line: NewLogLine): void {
    if (this.#isClosed) return
    // A source may hand in a message of several lines, such as an MCP log notification.
    const texts = line.text.includes('\n') ? line.text.split(/\r?\n/) : [line.text]
    const level = line.level ?? guessLevel(line.text)
    for (const text of texts) this.#add({ ...line, text, level }, line.level === undefined)
  }

  recent(server: ServerId, count: number): string[] {
    if (count <= 0) return []
    return this.#serverRings.get(server)?.toArray().slice(-count) ?? []
  }

  tail({ after, ...filter }: TailFilter & { after?: number }, signal: AbortSignal): AsyncGenerator<LogBatch, void> {
    const matches = logMatcher(filter)
    const queue = new TailQueue(matches)
    // From here on every line is in the queue, so what is replayed ends at this one.
    const through = this.#lastSeq
    const kept = this.#ring.toArray()
    const forget = (): void => {
      queue.end()
      this.#tails.delete(queue)
      signal.removeEventListener('abort', forget)
    }
    this.#tails.add(queue)
    signal.addEventListener('abort', forget)
    if (signal.aborted || this.#isClosed) forget()

    const replay = after === undefined || after >= through ? [] : this.#replay(filter, after, through, kept)
    return live(replay, queue, signal, forget)
  }

  async flush(): Promise<void> {
    await this.#writer?.flush()
  }

  /** Stores what waits and ends all tails. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    this.#isClosed = true
    // What came meanwhile, and the notice of what was lost.
    await this.flush()
    for (const queue of this.#tails) queue.end()
    this.#tails.clear()
  }

  #add({ server, run_id, stream, text, level }: Required<NewLogLine>, level_guessed: boolean): void {
    const at = new Date(this.#now()).toISOString()
    const seq = ++this.#lastSeq
    const masked = this.#mask(`${stream} ${server}`, text)
    // SQLite keeps UTF-8, in which half of a surrogate pair does not exist.
    const line: LogLine = { seq, at, server, run_id, stream, level, level_guessed, text: masked.toWellFormed() }
    this.#ring.push(line)
    this.#serverRing(server).push(line.text)
    this.#writer?.add(line)
    for (const queue of this.#tails) queue.push(line)
  }

  #serverRing(server: ServerId): Ring<string> {
    let ring = this.#serverRings.get(server)
    if (!ring) {
      ring = new Ring(serverRingSize)
      this.#serverRings.set(server, ring)
    }
    return ring
  }

  #tellLoss(lost: ReadonlyMap<ServerId, number>): void {
    for (const [server, count] of lost) {
      const text = `dropped ${count} ${count === 1 ? 'line' : 'lines'}: the store of the log could not keep up`
      this.write({ server, run_id: null, stream: 'supervisor', level: 'warn', text })
    }
  }

  /** The lines after `after` up to `through`: from memory where it reaches back far enough, else from the store. */
  async *#replay(filter: TailFilter, after: number, through: number, kept: LogLine[]): AsyncGenerator<LogBatch, void> {
    const oldest = kept[0]?.seq ?? through + 1
    if (oldest <= after + 1 || !this.#store) {
      const lines = kept.filter((line) => line.seq > after).filter(logMatcher(filter))
      yield* batches(lines, Math.max(0, oldest - after - 1))
      return
    }
    await this.flush()
    for (let seen = after; ; ) {
      const lines = await this.#store.following({ ...filter, after: seen, through, limit: replayPage })
      if (lines.length > 0) yield { lines, dropped: 0 }
      if (lines.length < replayPage) return
      seen = lines.at(-1)!.seq
    }
  }
}

async function* live(
  replay: AsyncIterable<LogBatch> | Iterable<LogBatch>,
  queue: TailQueue,
  signal: AbortSignal,
  forget: () => void,
): AsyncGenerator<LogBatch, void> {
  try {
    for await (const batch of replay) {
      if (signal.aborted) return
      yield batch
    }
    for (let batch = await queue.next(); batch; batch = await queue.next()) yield batch
  } finally {
    forget()
  }
}

function* batches(lines: LogLine[], dropped: number): Generator<LogBatch> {
  for (let start = 0; start < lines.length; start += replayPage) {
    yield { lines: lines.slice(start, start + replayPage), dropped: start === 0 ? dropped : 0 }
  }
  if (lines.length === 0 && dropped > 0) yield { lines: [], dropped }
}
