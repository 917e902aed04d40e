import type { Readable } from 'node:stream'
import { AppError } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { LogBatch } from '../../shared/log.ts'
import type { Masker } from '../secrets/masker.ts'
import type { LogIntake } from '../store/store.ts'
import { FloodGate } from './flood-gate.ts'
import type { IntakeDeath, IntakeNews, TailFilter } from './intake-messages.ts'
import type { LogOrigin, LogPipeline, NewLogLine } from './log-pipeline.ts'
import { PipeReader } from './pipe-reader.ts'

interface PipelineOptions {
  /** The log's thread. The caller closes its store, after the pipeline. */
  intake: LogIntake
  /** What it knows, now and later, is masked. */
  masker?: Masker
  /** Milliseconds since 1970. */
  now?: () => number
  /** So long a pipe is held up at a time before its lines are dropped and counted, unless every line is to be kept. */
  longestPauseMs?: number
  /** Bytes that may be on their way to the log's thread before pipes are held up. */
  mostBytesOnWay?: number
  /** Told once when the store begins to refuse lines. */
  onStoreFailure?: (error: unknown) => void
  /** Told when the store takes lines again. */
  onStoreRecovery?: () => void
}

/** The one way of all log lines. What costs time happens in the log's thread: this one only hands over. */
export function createLogPipeline(options: PipelineOptions): LogPipeline {
  return new HandingPipeline(options)
}

class HandingPipeline implements LogPipeline {
  readonly #intake: LogIntake
  readonly #now: () => number
  readonly #longestPauseMs: number
  #keepsEvery = false
  readonly #gate: FloodGate
  readonly #owned = new DisposableStack()
  readonly #ending = new AbortController()
  #nextId = 1
  /** Lines of this turn, which go in one message. */
  #lines: NewLogLine[] = []
  #lost = new Map<ServerId, number>()
  #turn: NodeJS.Immediate | null = null

  constructor(options: PipelineOptions) {
    const { intake, masker, now = Date.now, longestPauseMs = 250, mostBytesOnWay } = options
    this.#intake = intake
    this.#now = now
    this.#longestPauseMs = longestPauseMs
    this.#gate = new FloodGate(mostBytesOnWay)
    this.#owned.use(intake.onNews((news) => this.#hear(news, options)))
    if (masker) this.#owned.use(masker.share((values) => intake.tell({ kind: 'secrets', values })))
  }

  write(line: NewLogLine): void {
    if (this.#ending.signal.aborted) return
    if (this.#gate.isBehind) {
      this.#lost.set(line.server, (this.#lost.get(line.server) ?? 0) + line.text.split('\n').length)
      this.#gate.onceOpen(() => this.#tellLost())
      return
    }
    this.#gate.sent(line.text.length)
    this.#lines.push(line)
    this.#turn ??= setImmediate(() => this.#handOver())
  }

  read(origin: LogOrigin, pipe: Readable): void {
    const source = this.#nextId++
    this.#tell({ kind: 'open', source, origin })
    new PipeReader(pipe, {
      gate: this.#gate,
      longestPauseMs: () => (this.#keepsEvery ? Number.POSITIVE_INFINITY : this.#longestPauseMs),
      onChunk: (chunk) => this.#handOverChunk(source, chunk),
      onGap: (lines) => this.#tell({ kind: 'gap', source, at_ms: this.#now(), lines }),
      onEnd: () => this.#tell({ kind: 'end', source, at_ms: this.#now() }),
    })
  }

  tail(filter: TailFilter & { after?: number }, signal: AbortSignal): AsyncGenerator<LogBatch, void> {
    const tail = this.#nextId++
    // Told now: every line from here on is in the tail.
    this.#tell({ kind: 'tail', tail, filter })
    return this.#batches(tail, AbortSignal.any([signal, this.#ending.signal]))
  }

  hold(isHeld: boolean): void {
    this.#tell({ kind: 'hold', isHeld })
  }

  keepEvery(isWanted: boolean): void {
    this.#keepsEvery = isWanted
  }

  async flush(): Promise<void> {
    this.#handOver()
    // A store that is gone has lost its lines and said so.
    await this.#intake.flush().catch(() => {})
  }

  /** Stores what waits and ends all tails. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    this.#ending.abort()
    this.#owned.dispose()
    this.#gate.end()
  }

  async *#batches(tail: number, signal: AbortSignal): AsyncGenerator<LogBatch, void> {
    // The log's thread then answers the call that waits with null.
    const leave = (): void => this.#tell({ kind: 'leave', tail })
    signal.addEventListener('abort', leave)
    try {
      while (!signal.aborted) {
        const batch = await this.#intake.nextBatch(tail)
        if (batch === null || signal.aborted) return
        yield batch
      }
    } finally {
      signal.removeEventListener('abort', leave)
      leave()
    }
  }

  #hear(news: IntakeNews | IntakeDeath, { onStoreFailure, onStoreRecovery }: PipelineOptions): void {
    switch (news.kind) {
      case 'taken':
        this.#gate.taken(news.bytes)
        return
      case 'refused':
        onStoreFailure?.(new AppError(news.error.code, news.error.message, { hint: news.error.hint }))
        return
      case 'recovered':
        onStoreRecovery?.()
        return
      case 'died':
        this.#gate.end()
        onStoreFailure?.(news.error)
        return
      default:
        news satisfies never
    }
  }

  #handOverChunk(source: number, chunk: Buffer): void {
    // A chunk that is a part of something larger cannot be given away.
    const isWhole = chunk.byteLength === chunk.buffer.byteLength
    const bytes = isWhole ? new Uint8Array(chunk.buffer as ArrayBuffer) : Uint8Array.from(chunk)
    this.#handOver()
    this.#intake.tell({ kind: 'chunk', source, at_ms: this.#now(), bytes }, [bytes.buffer])
  }

  #tellLost(): void {
    if (this.#lost.size === 0) return
    const lost = [...this.#lost].map(([server, lines]) => ({ server, lines }))
    this.#lost = new Map()
    this.#tell({ kind: 'lost', at_ms: this.#now(), lost })
  }

  /** In the order in which it happened: lines that wait go first. */
  #tell(message: Parameters<LogIntake['tell']>[0]): void {
    this.#handOver()
    this.#intake.tell(message)
  }

  #handOver(): void {
    if (this.#turn) clearImmediate(this.#turn)
    this.#turn = null
    if (this.#lines.length === 0) return
    const lines = this.#lines
    this.#lines = []
    this.#intake.tell({ kind: 'lines', at_ms: this.#now(), lines })
  }
}
