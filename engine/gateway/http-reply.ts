import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** What the gateway reads of a request beside its body; Node's own is one. */
export interface HttpHead extends Pick<IncomingMessage, 'url'> {
  readonly headers: IncomingHttpHeaders
}

/** What the gateway needs of a response; Node's own is one. */
export interface HttpReply {
  writeHead(status: number, headers?: Record<string, string | number>): this
  flushHeaders(): void
  /** False when more is unsent than should be. */
  write(text: string): boolean
  end(text?: string): void
  /** Told once nothing more can be said: it was said, or the other side is gone. */
  on(event: 'close', listener: () => void): this
  readonly writableLength: number
  readonly writableNeedDrain: boolean
}
