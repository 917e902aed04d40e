import type { Readable } from 'node:stream'
import type { FloodGate } from './flood-gate.ts'

interface PipeReaderOptions {
  gate: FloodGate
  /** So long the pipe stands still at a time; infinite where no line may be lost. */
  longestPauseMs(): number
  onChunk(chunk: Buffer): void
  /** Lines were left out here. */
  onGap(lines: number): void
  onEnd(): void
}

type State =
  | { kind: 'flowing' }
  | { kind: 'paused'; timer: NodeJS.Timeout | null }
  /** Read and not kept: whole lines so far, and whether the last byte was within one. */
  | { kind: 'dropping'; lines: number; isWithinLine: boolean }

const lineFeed = 10

/**
 * Reads a pipe as fast as the log can take it. Whoever writes into it is held up for a while at most: then what comes
 * is read, counted and left out until the log has caught up.
 */
export class PipeReader {
  readonly #pipe: Readable
  readonly #options: PipeReaderOptions
  #state: State = { kind: 'flowing' }
  /** The end of the line that was left out last is still to come. */
  #skipsToLineEnd = false

  constructor(pipe: Readable, options: PipeReaderOptions) {
    this.#pipe = pipe
    this.#options = options
    pipe.on('data', (chunk: Buffer) => this.#take(chunk))
    // After its end or its error, whichever there is.
    pipe.once('close', () => this.#end())
    // A pipe that breaks has said all that it had to say.
    pipe.on('error', () => {})
  }

  #take(chunk: Buffer): void {
    const state = this.#state
    if (state.kind === 'dropping') {
      state.lines += lineFeeds(chunk)
      state.isWithinLine = chunk.at(-1) !== lineFeed
      return
    }
    const kept = this.#skipsToLineEnd ? this.#afterLineEnd(chunk) : chunk
    if (kept.length === 0) return
    const { gate, onChunk } = this.#options
    gate.sent(kept.length)
    onChunk(kept)
    if (gate.isBehind && state.kind === 'flowing') this.#pause()
  }

  #pause(): void {
    const { gate } = this.#options
    this.#pipe.pause()
    const longestPauseMs = this.#options.longestPauseMs()
    const isLimited = Number.isFinite(longestPauseMs)
    this.#state = { kind: 'paused', timer: isLimited ? setTimeout(() => this.#drop(), longestPauseMs) : null }
    gate.onceOpen(() => this.#flow())
  }

  #drop(): void {
    this.#state = { kind: 'dropping', lines: 0, isWithinLine: false }
    this.#pipe.resume()
  }

  #flow(): void {
    const state = this.#state
    this.#state = { kind: 'flowing' }
    if (state.kind === 'paused' && state.timer !== null) clearTimeout(state.timer)
    if (state.kind === 'dropping') this.#tellGap(state)
    this.#pipe.resume()
  }

  #tellGap({ lines, isWithinLine }: { lines: number; isWithinLine: boolean }): void {
    this.#skipsToLineEnd = isWithinLine
    const all = lines + (isWithinLine ? 1 : 0)
    if (all > 0) this.#options.onGap(all)
  }

  #afterLineEnd(chunk: Buffer): Buffer {
    const end = chunk.indexOf(lineFeed)
    this.#skipsToLineEnd = end === -1
    return end === -1 ? chunk.subarray(chunk.length) : chunk.subarray(end + 1)
  }

  #end(): void {
    if (this.#state.kind === 'paused' && this.#state.timer !== null) clearTimeout(this.#state.timer)
    if (this.#state.kind === 'dropping') this.#tellGap(this.#state)
    this.#state = { kind: 'flowing' }
    this.#options.onEnd()
  }
}

function lineFeeds(chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) count++
  return count
}
