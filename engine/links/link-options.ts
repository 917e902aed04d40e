import type { Failure } from '../../shared/app-error.ts'
import type { LogLevel } from '../../shared/log.ts'
import type { Era } from '../../shared/server.ts'
import type { ListKind } from './notifications.ts'
import type { ClientInfo } from './protocol.ts'

/** What a link tells besides answers. None of these may throw. */
export interface LinkHooks {
  /** The first byte on stdout, or of the first HTTP response. */
  onFirstByte?(): void
  /** Text on stdout that was not protocol, one call a line. */
  onNoise?(text: string): void
  /** A line of a `notifications/message`, with the logger's name before it. */
  onLog?(entry: { level: LogLevel; text: string }): void
  /** An offence against the protocol that is worth showing. */
  onFault?(failure: Failure): void
  onListChanged?(kind: ListKind): void
  /** The connection ended; called once, and not when the link was disposed of. */
  onClosed?(failure: Failure): void
  /** Called once the era is known and the handshake done. */
  onHandshake?(era: Era): void
}

export interface LinkOptions {
  client: ClientInfo
  /** `auto` asks `server/discover` first; a verdict of an earlier start spares the question. */
  era: 'auto' | Era
  /** Milliseconds for the whole handshake. */
  startTimeoutMs: number
  /** The longest line, event or body taken from the server, in bytes. */
  maxMessageBytes: number
  /** Milliseconds that a server may stay silent on `server/discover`; 3,000 unless told. */
  probeTimeoutMs?: number
  signal?: AbortSignal
}
