import type { Worker } from 'node:worker_threads'

export interface PackRequest {
  id: number
  text: Uint8Array<ArrayBuffer>
}

export interface PackAnswer {
  id: number
  packed: Uint8Array<ArrayBuffer>
}

/** Without work for so long the thread ends; it starts anew with the next flood. */
const idleMs = 10_000

/** Has texts compressed by a thread of its own, which lives while a flood lasts. */
export class TextPacker implements AsyncDisposable {
  readonly #start: () => Worker
  #worker: Worker | null = null
  readonly #waiting = new Map<number, PromiseWithResolvers<Buffer>>()
  #nextId = 1
  #idle: NodeJS.Timeout | null = null

  constructor(start: () => Worker) {
    this.#start = start
  }

  /** The text is given away. Rejects where the thread dies; then the text is lost. */
  pack(text: Uint8Array<ArrayBuffer>): Promise<Buffer> {
    if (this.#idle) clearTimeout(this.#idle)
    this.#idle = null
    const id = this.#nextId++
    const answer = Promise.withResolvers<Buffer>()
    this.#waiting.set(id, answer)
    this.#worker ??= this.#started()
    this.#worker.postMessage({ id, text } satisfies PackRequest, [text.buffer])
    return answer.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  #started(): Worker {
    const worker = this.#start()
    worker.on('message', ({ id, packed }: PackAnswer) => this.#answer(id, packed))
    const end = (reason: unknown): void => {
      if (this.#worker === worker) this.#worker = null
      const waiting = [...this.#waiting.values()]
      this.#waiting.clear()
      for (const { reject } of waiting) reject(reason)
    }
    worker.on('error', end)
    worker.on('exit', () => end(new Error('The thread that compresses has ended')))
    return worker
  }

  #answer(id: number, packed: Uint8Array<ArrayBuffer>): void {
    this.#waiting.get(id)?.resolve(Buffer.from(packed.buffer))
    this.#waiting.delete(id)
    if (this.#waiting.size > 0) return
    this.#idle = setTimeout(() => {
      const worker = this.#worker
      this.#worker = null
      void worker?.terminate()
    }, idleMs)
    this.#idle.unref()
  }
}
