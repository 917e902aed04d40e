import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError, type Failure } from '../../shared/app-error.ts'
import { type Frame, Framer } from './framer.ts'
import { scanObject } from './json-scan.ts'
import { LineJoiner } from './line-joiner.ts'
import type { Unfinished } from './link.ts'
import type { Outgoing } from './outgoing.ts'
import { cutRaw, messageStart, readText } from './read-message.ts'
import type { Transport, TransportSink } from './transport.ts'

export interface StdioStreams {
  stdin: Writable
  stdout: Readable
  /** Resolves when the process is gone, with how it ended. */
  exited: Promise<Failure>
}

const never = new Promise<never>(() => {})
const MAX_QUEUED_BYTES = 32 * 1024 * 1024
const MAX_QUEUED_WRITES = 10_000
/** How long the last output of a process that is gone may still be on its way; a grandchild can hold the pipe. */
const DRAIN_MS = 200
/** How long a message that lacks nothing but its line end is waited for. */
const LINE_END_MS = 200
/** More than any pipe holds. */
const blankLines = Buffer.alloc(1024 * 1024, '\n')
const TAKE_INPUT_MS = 300
/** Bytes shown before and behind the first one that is not UTF-8. */
const SHOWN_BYTES = 32
/** How long a process that closed its output may take to end before that is called a fault of its own. */
const EXIT_AFTER_OUTPUT_MS = 500

/** JSON-RPC over the stdin and stdout of a child process, a message a line. Ending the process is not its business. */
export class StdioTransport implements Transport {
  readonly renewals = 0
  readonly #streams: StdioStreams
  readonly #sink: TransportSink
  readonly #framer: Framer
  readonly #joiner: LineJoiner
  readonly #unwritten = new Set<(error: AppError) => void>()
  readonly #over = new AbortController()
  /** As the signal of `#over`, which takes its time to say so. */
  #isOver = false
  /** Whether a message has left in this tick. */
  /** How much was sent in this turn of the event loop so far, and whether it was more than one in the last that sent. */
  #sentInGo = 0
  #isBusy = false
  #lineEndTimer: NodeJS.Timeout | null = null

  constructor(streams: StdioStreams, options: { maxMessageBytes: number }, sink: TransportSink) {
    this.#streams = streams
    this.#sink = sink
    this.#framer = new Framer(options.maxMessageBytes, (frame) => this.#receive(frame))
    this.#joiner = new LineJoiner(options.maxMessageBytes)
    const { stdin, stdout, exited } = streams
    // A pipe that breaks is told by the write that fails, or by the end of the process; unheard, it would end us.
    stdin.on('error', () => {})
    stdout.on('error', () => {})
    const { promise: outputEnded, resolve } = Promise.withResolvers<void>()
    stdout.on('data', (chunk: Buffer) => {
      if (this.#isOver) return
      sink.firstByte()
      this.#framer.push(chunk)
      this.#awaitLineEnd()
    })
    stdout.once('end', resolve)
    stdout.once('close', resolve)
    void this.#watch(outputEnded, exited)
  }

  send(message: Outgoing): Promise<void> {
    const { stdin } = this.#streams
    if (this.#isOver || !stdin.writable) throw closedInput()
    if (stdin.writableLength > MAX_QUEUED_BYTES || this.#unwritten.size >= MAX_QUEUED_WRITES) throw notReading(stdin)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#unwritten.add(reject)
    this.#gather(stdin)
    stdin.write(`${message.text}\n`, (error) => {
      // A pipe breaks when its process ends: how that ended is the better answer, and on its way.
      if (error) void this.#pause(EXIT_AFTER_OUTPUT_MS).then(() => reject(closedInput(error)))
      else resolve()
      this.#unwritten.delete(reject)
    })
    return promise
  }

  /**
   * What is sent in one go leaves in one write, since each wakes the server's process, which costs more than all else of a call. Where
   * little is sent the first one leaves at once.
   */
  #gather(stdin: Writable): void {
    if (this.#sentInGo++ === 0) {
      process.nextTick(() => {
        this.#isBusy = this.#sentInGo > 1
        this.#sentInGo = 0
        if (stdin.writableCorked > 0) stdin.uncork()
      })
      if (!this.#isBusy) return
    }
    if (stdin.writableCorked === 0) stdin.cork()
  }

  giveUp(): boolean {
    if (this.#framer.pendingBytes > 0) this.#sink.remark(incomplete(this.#framer.pendingBytes))
    return false
  }

  unfinished(): Unfinished | null {
    const { pendingBytes, pendingHead } = this.#framer
    return pendingBytes === 0 ? null : { bytes: pendingBytes, head: pendingHead }
  }

  /** Fills the pipe with blank lines, which mean nothing to a server: they stay in it where nobody reads. */
  async takesInput(): Promise<boolean> {
    const { stdin } = this.#streams
    if (!stdin.writable) return true
    const { promise: taken, resolve } = Promise.withResolvers<boolean>()
    stdin.write(blankLines, () => resolve(true))
    return Promise.race([taken, this.#pause(TAKE_INPUT_MS, taken).then(() => stdin.writableLength === 0)])
  }

  established(): void {}

  toolsListed(): void {}

  /** Stops listening; stdout is still drained, so that the process can end in peace. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#finish()
  }

  async #watch(outputEnded: Promise<void>, exited: Promise<Failure>): Promise<void> {
    const first = await Promise.race([outputEnded.then(() => null), exited])
    const failure = first ?? (await this.#exitWithin(exited, EXIT_AFTER_OUTPUT_MS)) ?? closedOutput()
    if (first !== null) await this.#pause(DRAIN_MS, outputEnded)
    if (this.#isOver) return
    this.#framer.end()
    this.#read(this.#joiner.flush())
    this.#finish()
    this.#sink.closed(failure)
  }

  #exitWithin(exited: Promise<Failure>, ms: number): Promise<Failure | null> {
    return Promise.race([exited, this.#pause(ms, exited).then(() => null)])
  }

  /** Waits until the time is over, the fact holds, or nothing more will come. */
  async #pause(ms: number, fact: Promise<unknown> = never): Promise<void> {
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, this.#over.signal])
    // Rejects only when aborted, which is one of the ways for the wait to end.
    await Promise.race([fact, delay(ms, undefined, { signal }).catch(() => {})])
    over.abort()
  }

  /** A message that only lacks its line end is taken once nothing follows it for a moment. */
  #awaitLineEnd(): void {
    if (this.#lineEndTimer !== null) clearTimeout(this.#lineEndTimer)
    this.#lineEndTimer = null
    if (this.#framer.pendingBytes > 0) this.#lineEndTimer = setTimeout(() => this.#takeUnended(), LINE_END_MS)
  }

  #takeUnended(): void {
    this.#lineEndTimer = null
    const text = this.#framer.pendingObject?.trimStart() ?? ''
    if (!text.startsWith(messageStart) || scanObject(text).end !== text.length) return
    this.#sink.remark(missingLineEnd(this.#framer.pendingBytes))
    this.#framer.end()
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#over.abort()
    if (this.#lineEndTimer !== null) clearTimeout(this.#lineEndTimer)
    for (const reject of this.#unwritten) reject(closedInput())
    this.#unwritten.clear()
  }

  #read(texts: string[]): void {
    for (const text of texts) for (const inbound of readText(text)) this.#sink.receive(inbound)
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case 'line':
        if (!frame.isUtf8) this.#sink.remark(invalidUtf8(frame.bytes, frame.text))
        this.#readLines(this.#joiner.take(frame.text))
        return
      case 'oversize': {
        const ids = frame.id === null ? [] : [frame.id]
        this.#sink.receive({ kind: 'broken', failure: tooLong(frame.bytes), ids, raw: cutRaw(frame.head) })
        return
      }
      case 'endless':
        this.#finish()
        this.#sink.closed(endless(frame.bytes))
        return
      default:
        frame satisfies never
    }
  }

  #readLines(texts: string[]): void {
    for (const text of texts) if (text.includes('\n')) this.#sink.remark(spreadOverLines(text.split('\n').length))
    this.#read(texts)
  }
}

/** `text` is what was made of the bytes: they agree up to the first one that is not UTF-8. */
function invalidUtf8(bytes: Buffer, text: string): Failure {
  const shown = Buffer.from(text)
  const bad = bytes.findIndex((byte, index) => byte !== shown[index])
  const part = bytes.subarray(Math.max(0, bad - SHOWN_BYTES), bad + SHOWN_BYTES)
  const hex = part.toString('hex').replace(/(..)(?=.)/g, '$1 ')
  return {
    code: 'invalid_utf8',
    message: `The server printed bytes that are not UTF-8, shown as replacement characters; around byte ${bad}: ${hex}`,
    hint: 'Report this to the author of the server.',
  }
}

function missingLineEnd(bytes: number): Failure {
  return {
    code: 'missing_line_end',
    message: `The server sent a message of ${bytes} bytes without its line end; it was taken as it stood`,
    hint: 'Report this to the author of the server: each message ends with a line end.',
  }
}

function spreadOverLines(lines: number): Failure {
  return {
    code: 'spread_over_lines',
    message: `The server spread a message over ${lines} lines; it was put together again`,
    hint: 'Report this to the author of the server: each message is one line.',
  }
}

function endless(bytes: number): Failure {
  return {
    code: 'endless_message',
    message: `The server sent a message that does not end: ${(bytes / 1024 / 1024).toFixed(0)} MB so far`,
    hint: 'Look at its log; it was stopped so that the others are not held up.',
  }
}

function incomplete(bytes: number): Failure {
  return {
    code: 'incomplete_message',
    message: `The server has sent ${bytes} bytes of a message and not its end`,
    hint: 'Report this to the author of the server: each message ends with a line end.',
  }
}

function tooLong(bytes: number): Failure {
  const megabytes = (bytes / 1024 / 1024).toFixed(1)
  return {
    code: 'message_too_long',
    message: `The server sent a message of ${megabytes} MB or more, over the limit`,
    hint: 'Ask the tool for less, or raise the limit of this server.',
  }
}

function closedOutput(): Failure {
  return {
    code: 'closed_output',
    message: 'The server closed its output and kept running',
    hint: 'Look at its log; a server must keep stdout open for as long as it runs.',
  }
}

function closedInput(cause?: Error): AppError {
  return new AppError('closed_input', 'The server takes no more input', {
    hint: 'Look at its log, and start it again.',
    cause,
  })
}

function notReading(stdin: Writable): AppError {
  const kilobytes = Math.round(stdin.writableLength / 1024)
  return new AppError('not_reading_input', `The server is not reading its input (${kilobytes} KB wait for it)`, {
    hint: 'Wait for the running calls to finish, or restart the server.',
  })
}
