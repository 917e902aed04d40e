import type { ServerId } from '../../shared/ids.ts'
import { blockBytes, blockLines, encodeBlock, encodeBlockAside, type LogSegment } from '../store/log-block.ts'
import type { Dropped } from '../store/log-minutes.ts'
import type { NewLines } from '../store/log-repo.ts'

/** What waits longer goes to the store, even where it is less than a block. */
const patienceMs = 50
/** Blocks that are stored together. */
const blocksAtOnce = 8
/** Blocks that are compressed on another thread at a time; what comes on top is compressed on this one, which slows it down. */
const mostAside = 16

interface IntakeBufferOptions {
  /** Compresses a text on another thread; the text is given away. */
  pack(text: Uint8Array<ArrayBuffer>): Promise<Buffer>
  store(lines: NewLines): void
  /** The store refused lines, for the first time since it last took some. */
  onRefused(error: unknown): void
  /** The store takes lines again. */
  onRecovered(): void
  /** The store took lines after some were lost; the losses by server. */
  onLost(lost: ReadonlyMap<ServerId, number>): void
}

interface Open {
  segments: LogSegment[]
  bytes: number
  lines: number
  sinceMs: number
}

/** Gathers lines by server until there is a block of them, or 50 ms have passed, and stores them. */
export class IntakeBuffer {
  readonly #options: IntakeBufferOptions
  readonly #open = new Map<ServerId, Open>()
  #blocks: NewLines['blocks'][number][] = []
  readonly #aside = new Set<Promise<void>>()
  #dropped: Dropped[] = []
  #timer: NodeJS.Timeout | null = null
  #lost = new Map<ServerId, number>()
  #isFailing = false
  /** While held, all is lost and counted, and the store is not asked. */
  isHeld = false

  constructor(options: IntakeBufferOptions) {
    this.#options = options
  }

  add(segment: LogSegment): void {
    const { server, text, levels } = segment
    let open = this.#open.get(server)
    if (!open) {
      open = { segments: [], bytes: 0, lines: 0, sinceMs: performance.now() }
      this.#open.set(server, open)
    }
    open.segments.push(segment)
    open.bytes += text.length
    open.lines += levels.length
    if (open.bytes >= blockBytes || open.lines >= blockLines) {
      this.#open.delete(server)
      this.#close(open.segments)
    }
    if (this.#blocks.length >= blocksAtOnce) this.#store([])
    else this.#timer ??= setTimeout(() => this.#tick(), patienceMs)
  }

  dropped(dropped: Dropped): void {
    this.#dropped.push(dropped)
    this.#timer ??= setTimeout(() => this.#tick(), patienceMs)
  }

  /** Stores all that waits, or loses and counts it. */
  async flush(): Promise<void> {
    await Promise.all(this.#aside)
    this.#stop()
    const rest = [...this.#open.values()].flatMap(({ segments }) => segments)
    this.#open.clear()
    this.#store(rest)
    // The notice of what was lost is a line too.
    if (this.#open.size > 0) await this.flush()
  }

  #close(segments: LogSegment[]): void {
    if (this.#aside.size >= mostAside) {
      this.#blocks.push({ segments, block: encodeBlock(segments) })
      return
    }
    const encoding = encodeBlockAside(segments, this.#options.pack)
      // A thread that has died has kept nothing of them from this one.
      .catch(() => encodeBlock(segments))
      .then((block) => void this.#blocks.push({ segments, block }))
      // No memory for it: these lines go the way of those that the store refuses.
      .catch(() => this.#lose({ blocks: [], rest: segments, dropped: [] }))
      .finally(() => {
        this.#aside.delete(encoding)
        this.#timer ??= setTimeout(() => this.#tick(), patienceMs)
      })
    this.#aside.add(encoding)
  }

  #tick(): void {
    this.#stop()
    const due = performance.now() - patienceMs
    const rest: LogSegment[] = []
    for (const [server, { segments, sinceMs }] of this.#open) {
      if (sinceMs > due) continue
      rest.push(...segments)
      this.#open.delete(server)
    }
    this.#store(rest)
    if (this.#open.size > 0) this.#timer ??= setTimeout(() => this.#tick(), patienceMs)
  }

  #store(rest: LogSegment[]): void {
    const lines: NewLines = { blocks: this.#blocks, rest, dropped: this.#dropped }
    this.#blocks = []
    this.#dropped = []
    if (lines.blocks.length + rest.length + lines.dropped.length === 0) return
    if (this.isHeld) {
      this.#lose(lines)
      return
    }
    try {
      this.#options.store(lines)
    } catch (error) {
      this.#lose(lines)
      if (!this.#isFailing) this.#options.onRefused(error)
      this.#isFailing = true
      return
    }
    if (this.#isFailing) this.#options.onRecovered()
    this.#isFailing = false
    if (this.#lost.size === 0) return
    const lost = this.#lost
    this.#lost = new Map()
    this.#options.onLost(lost)
  }

  #lose({ blocks, rest, dropped }: NewLines): void {
    for (const { server, levels } of [...blocks.flatMap(({ segments }) => segments), ...rest])
      this.#count(server, levels.length)
    // Told already, and still to be tallied.
    this.#dropped.push(...dropped)
  }

  #count(server: ServerId, lines: number): void {
    this.#lost.set(server, (this.#lost.get(server) ?? 0) + lines)
  }

  #stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
