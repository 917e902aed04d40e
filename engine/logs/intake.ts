import type { Worker } from 'node:worker_threads'
import type { ServerId } from '../../shared/ids.ts'
import type { LogBatch } from '../../shared/log.ts'
import { Masker } from '../secrets/masker.ts'
import { type LogSegment, levelByte } from '../store/log-block.ts'
import type { LogLineRepo } from '../store/log-repo.ts'
import { TextPacker } from '../store/text-packer.ts'
import { ChunkLines } from './chunk-lines.ts'
import { IntakeBuffer } from './intake-buffer.ts'
import type { IntakeMessage, IntakeNews, IntakeRepo, LogTotals } from './intake-messages.ts'
import { IntakeQueue } from './intake-queue.ts'
import { guessLevel } from './level-guess.ts'
import { LineReader } from './line-reader.ts'
import type { LogOrigin, NewLogLine } from './log-pipeline.ts'
import { Tails } from './tails.ts'

interface IntakeOptions {
  /** Starts the thread that compresses in a flood. */
  startPacker(): Worker
  store: LogLineRepo['store']
  following: LogLineRepo['following']
  lastSeq: number
  tell(news: IntakeNews): void
  failureOf(error: unknown): { code: string; message: string; hint: string | null }
}

interface Source {
  origin: LogOrigin
  lines: ChunkLines
}

/** Bytes and time after which the main thread hears that they were taken. */
const toldBytes = 512 * 1024
const toldMs = 10

/**
 * The log's thread: splits what comes from pipes into lines, masks them, guesses their level, numbers them, and brings
 * them to the store and to whoever watches.
 */
export class Intake implements IntakeRepo, AsyncDisposable {
  readonly #options: IntakeOptions
  readonly #masker = new Masker()
  readonly #reader = new LineReader(this.#masker)
  readonly #queue = new IntakeQueue((message) => this.#take(message))
  readonly #sources = new Map<number, Source>()
  readonly #packer: TextPacker
  readonly #buffer: IntakeBuffer
  readonly #tails: Tails
  readonly #totals = new Map<ServerId, LogTotals>()
  #lastSeq: number
  #taken = 0
  #timer: NodeJS.Timeout | null = null

  constructor(options: IntakeOptions) {
    const { store, following, tell, failureOf, lastSeq } = options
    this.#options = options
    this.#lastSeq = lastSeq
    this.#packer = new TextPacker(options.startPacker)
    this.#buffer = new IntakeBuffer({
      pack: (text) => this.#packer.pack(text),
      store,
      onRefused: (error) => tell({ kind: 'refused', error: failureOf(error) }),
      onRecovered: () => tell({ kind: 'recovered' }),
      onLost: (lost) => {
        for (const [server, lines] of lost) this.#tellLost(server, lines, Date.now(), 'the log could not be written')
      },
    })
    this.#tails = new Tails({ following, flush: () => this.#buffer.flush() })
  }

  take(message: IntakeMessage): void {
    this.#queue.push(message)
  }

  async nextBatch(tail: number): Promise<LogBatch | null> {
    if (!this.#tails.has(tail)) await this.#queue.reached()
    return this.#tails.next(tail)
  }

  async flush(): Promise<void> {
    await this.#queue.reached()
    await this.#buffer.flush()
  }

  async totals(): Promise<LogTotals[]> {
    return [...this.#totals.values()]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    this.#tails[Symbol.dispose]()
    if (this.#timer) clearTimeout(this.#timer)
    await this.#packer[Symbol.asyncDispose]()
  }

  #take(message: IntakeMessage): void {
    switch (message.kind) {
      case 'secrets':
        this.#masker.learn(message.values)
        return
      case 'open':
        this.#sources.set(message.source, { origin: message.origin, lines: new ChunkLines() })
        return
      case 'chunk': {
        const { origin, lines } = this.#sources.get(message.source)!
        for (const text of lines.push(message.bytes)) this.#add(origin, text, message.at_ms)
        this.#took(message.bytes.length)
        return
      }
      case 'gap':
        this.#gap(message.source, message.lines, message.at_ms)
        return
      case 'end': {
        const source = this.#sources.get(message.source)!
        for (const text of source.lines.end()) this.#add(source.origin, text, message.at_ms)
        this.#sources.delete(message.source)
        return
      }
      case 'lines':
        for (const line of message.lines) this.#line(line, message.at_ms)
        return
      case 'lost':
        for (const { server, lines } of message.lost) this.#tellLost(server, lines, message.at_ms, tooFast)
        return
      case 'tail':
        this.#tails.open(message.tail, message.filter, this.#lastSeq)
        return
      case 'leave':
        this.#tails.leave(message.tail)
        return
      case 'hold':
        this.#buffer.isHeld = message.isHeld
        return
      default:
        message satisfies never
    }
  }

  #line({ text, level, ...origin }: NewLogLine, at_ms: number): void {
    // A source may hand in a message of several lines, such as an MCP log notification.
    const lines = text.includes('\n') ? text.split(/\r?\n/) : [text]
    const byte = levelByte(level ?? guessLevel(text), level === undefined)
    const safe = lines.map((line) => this.#reader.line(origin, line)).join('\n')
    this.#number(origin, { text: Buffer.from(safe), levels: new Uint8Array(lines.length).fill(byte) }, at_ms)
    this.#took(text.length)
  }

  #add(origin: LogOrigin, text: Buffer, at_ms: number): void {
    this.#number(origin, this.#reader.read(origin, text), at_ms)
  }

  #number(origin: LogOrigin, read: Pick<LogSegment, 'levels' | 'text'>, at_ms: number): void {
    const segment: LogSegment = { ...origin, at_ms, first_seq: this.#lastSeq + 1, ...read }
    this.#lastSeq += read.levels.length
    const totals = this.#totalsOf(origin.server)
    totals.lines += read.levels.length
    totals.bytes += read.text.length
    this.#tails.push(segment)
    this.#buffer.add(segment)
  }

  /** What there is of the open line is kept; its end is among what was left out. */
  #gap(source: number, lines: number, at_ms: number): void {
    const { origin, lines: open } = this.#sources.get(source)!
    const texts = open.end()
    for (const text of texts) this.#add(origin, text, at_ms)
    this.#tellLost(origin.server, lines - texts.length, at_ms, tooFast)
  }

  #tellLost(server: ServerId, lines: number, at_ms: number, why: string): void {
    if (lines <= 0) return
    const text = `dropped ${lines} ${lines === 1 ? 'line' : 'lines'}: ${why}`
    this.#totalsOf(server).dropped += lines
    this.#buffer.dropped({ server, at_ms, lines })
    this.#tails.lose(server, lines)
    this.#line({ server, run_id: null, stream: 'supervisor', level: 'warn', text }, at_ms)
  }

  #totalsOf(server: ServerId): LogTotals {
    const known = this.#totals.get(server) ?? { server, lines: 0, dropped: 0, bytes: 0 }
    this.#totals.set(server, known)
    return known
  }

  #took(bytes: number): void {
    this.#taken += bytes
    if (this.#taken >= toldBytes) this.#tellTaken()
    else this.#timer ??= setTimeout(() => this.#tellTaken(), toldMs)
  }

  #tellTaken(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#options.tell({ kind: 'taken', bytes: this.#taken })
    this.#taken = 0
  }
}

const tooFast = 'they came faster than the log could take them'
