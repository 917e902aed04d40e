import { onOneLine } from '../links/json-text.ts'
import type { HttpReply } from './http-reply.ts'

/** Notifications that a client does not read fast enough are left out from here on; answers and questions never are. */
const mostUnreadBytes = 4 * 1024 * 1024
const keepAlive = ': \n\n'

/**
 * The response to one POST: a JSON body where the answer is all there is to say, else a stream of events. It is opened
 * late, so that a call without notifications costs no more than its answer.
 */
export class Exchange {
  readonly #response: HttpReply
  readonly #takesStream: boolean
  readonly #headers: Readonly<Record<string, string>>
  #isStream = false
  #isOver = false
  #hasWaited = false

  /** `headers` go out with whatever goes out first. */
  constructor(response: HttpReply, takesStream: boolean, headers: Readonly<Record<string, string>> = {}) {
    this.#response = response
    this.#takesStream = takesStream
    this.#headers = headers
  }

  /** Calls once the client is gone before the answer. */
  onGone(listener: () => void): void {
    this.#response.on('close', () => {
      if (this.#isOver) return
      this.#isOver = true
      listener()
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** A message before the answer; false when it is left out. */
  send(text: string, isDroppable: boolean): boolean {
    if (this.#isOver || !this.#takesStream) return false
    if (isDroppable && this.#response.writableLength > mostUnreadBytes) return false
    this.#openStream()
    this.#response.write(event(text))
    return true
  }

  /** Asked now and then: from the second time on headers go out, and a sign of life each time. */
  keepAlive(): void {
    if (this.#isOver || !this.#takesStream) return
    if (!this.#hasWaited) {
      this.#hasWaited = true
      return
    }
    this.#openStream()
    if (!this.#response.writableNeedDrain) this.#response.write(keepAlive)
  }

  /** The answer, as the last thing. */
  finish(text: string, status = 200): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#isStream) {
      this.#response.end(event(text))
      return
    }
    this.#response.writeHead(status, {
      ...this.#headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    // A text leaves in one write with the headers, bytes would take two.
    this.#response.end(text)
  }

  /** Ends without an answer: what was cancelled is not answered. */
  abandon(): void {
    if (this.#isOver) return
    this.#openStream()
    this.#isOver = true
    this.#response.end()
  }

  #openStream(): void {
    if (this.#isStream) return
    this.#isStream = true
    this.#response.writeHead(200, {
      ...this.#headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
  }
}

/** One event of a stream; its data is one line of JSON. */
export function event(text: string): string {
  return `event: message\ndata: ${onOneLine(text)}\n\n`
}
