import type { LogLine } from '../../shared/log.ts'
import type { LogStore } from '../store/store.ts'

const largestBatch = 500
const batchMs = 50
/** A message to the store's thread carries no more, so that a search gets its turn between two of them. */
const largestMessage = 5_000

interface StoreWriterOptions {
  store: LogStore
  /** Lines that may wait; what comes on top is dropped and counted. */
  maxBehind: number
  /** The store took lines again after some were lost; the losses by server. */
  onLoss: (lost: ReadonlyMap<LogLine['server'], number>) => void
  /** The store refused lines, for the first time since it last took some. */
  onFailure: (error: unknown) => void
  /** The store takes lines again after a failure. */
  onRecovery: () => void
  /** While true every line is lost and counted, and the store is not asked. */
  isPaused: () => boolean
}

/** Brings lines to the store in batches of 500 or 50 ms, one batch at a time, with bounded memory. */
export class StoreWriter {
  readonly #options: StoreWriterOptions
  #waiting: LogLine[] = []
  #inFlight = 0
  #timer: NodeJS.Timeout | null = null
  #sending: Promise<void> | null = null
  #lost = new Map<LogLine['server'], number>()
  #isFailing = false
  #added = 0
  #settled = 0

  constructor(options: StoreWriterOptions) {
    this.#options = options
  }

  add(line: LogLine): void {
    if (this.#waiting.length + this.#inFlight >= this.#options.maxBehind) {
      this.#lose([line])
      return
    }
    this.#added++
    this.#waiting.push(line)
    if (this.#waiting.length >= largestBatch) this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), batchMs)
  }

  /** Resolves when all that was added so far is stored, or lost and counted. */
  async flush(): Promise<void> {
    const target = this.#added
    while (this.#settled < target) {
      this.#send()
      await this.#sending
    }
  }

  #send(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = null
      if (this.#waiting.length >= largestBatch) this.#send()
      else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#send(), batchMs)
    })
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#waiting.slice(0, largestMessage)
    this.#waiting = this.#waiting.slice(largestMessage)
    this.#inFlight = batch.length
    const isStored = await this.#append(batch)
    // Before the notice of what was lost, which is a line itself and needs the room.
    this.#inFlight = 0
    this.#settled += batch.length
    if (isStored) this.#tellLoss()
  }

  async #append(batch: LogLine[]): Promise<boolean> {
    if (this.#options.isPaused()) {
      this.#lose(batch)
      return false
    }
    try {
      await this.#options.store.append(batch)
      if (this.#isFailing) this.#options.onRecovery()
      this.#isFailing = false
      return true
    } catch (error) {
      this.#lose(batch)
      if (!this.#isFailing) this.#options.onFailure(error)
      this.#isFailing = true
      return false
    }
  }

  #lose(lines: readonly LogLine[]): void {
    for (const { server } of lines) this.#lost.set(server, (this.#lost.get(server) ?? 0) + 1)
  }

  #tellLoss(): void {
    if (this.#lost.size === 0 || this.#waiting.length > this.#options.maxBehind / 2) return
    const lost = this.#lost
    this.#lost = new Map()
    this.#options.onLoss(lost)
  }
}
