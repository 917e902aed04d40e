import { AppError, type Failure } from '../../shared/app-error.ts'
import type { LinkClient } from '../links/link.ts'
import type { TrackedLink } from './tracked-link.ts'

/** A process of a server that only one client's calls go to. */
export interface ClientProcess {
  readonly link: TrackedLink
  /** Ends it with all that it started. */
  close(): Promise<void>
}

interface Parts {
  /** Starts a process; `onEnd` is told when it ends by itself. Throws an AppError, and leaves nothing behind then. */
  open(client: LinkClient, onEnd: (failure: Failure) => void, signal: AbortSignal): Promise<ClientProcess>
  /** How many there may be at once. */
  most(): number
  /** Milliseconds without a call after which one is ended. */
  idleMs(): number
  /** Their number changed. */
  onChange(count: number): void
  report(text: string): void
}

/** A start that failed is the answer to that client's calls for so long. */
const failedMs = 5000

interface Slot {
  /** Null until it is up. */
  process: ClientProcess | null
  readonly opened: Promise<ClientProcess>
  timer: NodeJS.Timeout | null
  hasFailed: boolean
}

/** One process a client beside the one that all share: started by its first call, ended once it is gone or idle. */
export class ClientProcesses implements AsyncDisposable {
  readonly #parts: Parts
  readonly #slots = new Map<string, Slot>()
  readonly #closing = new Set<Promise<void>>()
  readonly #life = new AbortController()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get count(): number {
    return [...this.#slots.values()].filter(({ hasFailed }) => !hasFailed).length
  }

  /**
   * The link of a client's own process, which is started where there is none.
   * @throws AppError `too_many_client_processes`, and what a start throws.
   */
  async linkOf(client: LinkClient): Promise<TrackedLink> {
    const key = keyOf(client)
    const slot = this.#slots.get(key) ?? this.#open(key, client)
    return (await slot.opened).link
  }

  /** The client is gone: so is its process. */
  end(client: LinkClient): void {
    this.#end(keyOf(client))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort()
    for (const key of [...this.#slots.keys()]) this.#end(key)
    await Promise.all(this.#closing)
  }

  #open(key: string, client: LinkClient): Slot {
    if (this.#life.signal.aborted) throw new AppError('link_closed', 'The server is stopping')
    this.#makeRoom()
    const onEnd = (failure: Failure): void => {
      if (this.#slots.get(key) !== slot) return
      this.#parts.report(`the process of ${client.origin} ended: ${failure.message}`)
      this.#end(key)
    }
    const opened = this.#parts.open(client, onEnd, this.#life.signal)
    const slot: Slot = { process: null, opened, timer: null, hasFailed: false }
    this.#slots.set(key, slot)
    opened.then(
      (process) => {
        slot.process = process
        if (this.#slots.get(key) === slot) this.#watch(key, slot)
      },
      () => {
        slot.hasFailed = true
        this.#parts.onChange(this.count)
        slot.timer = setTimeout(() => {
          if (this.#slots.get(key) === slot) this.#slots.delete(key)
        }, failedMs)
      },
    )
    this.#parts.onChange(this.count)
    return slot
  }

  /** Ends it once it has had no call for long enough. */
  #watch(key: string, slot: Slot): void {
    const leftMs = this.#parts.idleMs() - slot.process!.link.uncalledMs
    if (leftMs <= 0) this.#end(key)
    else slot.timer = setTimeout(() => this.#watch(key, slot), leftMs)
  }

  /** The one that rests longest makes way; where all work, there is no room. */
  #makeRoom(): void {
    const most = this.#parts.most()
    if (this.count < most) return
    const resting = [...this.#slots].flatMap(([key, { process }]) =>
      process === null || process.link.uncalledMs === 0 ? [] : [{ key, ms: process.link.uncalledMs }],
    )
    const longest = resting.sort((a, b) => b.ms - a.ms)[0]
    if (longest === undefined) {
      throw new AppError('too_many_client_processes', `${most} clients have a process of their own that works`, {
        hint: 'Call again later, or raise "process_per_client" in the server’s configuration.',
      })
    }
    this.#end(longest.key)
  }

  #end(key: string): void {
    const slot = this.#slots.get(key)
    if (slot === undefined) return
    this.#slots.delete(key)
    if (slot.timer !== null) clearTimeout(slot.timer)
    this.#parts.onChange(this.count)
    // A start that failed has left nothing behind.
    const closing = slot.opened.then((process) => process.close()).catch(() => {})
    this.#closing.add(closing)
    void closing.then(() => this.#closing.delete(closing))
  }
}

/** Who has the name of a client that was revoked is another one. */
function keyOf({ client, origin }: LinkClient): string {
  return client ?? origin
}
