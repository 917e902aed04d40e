import type { Failure } from '../../shared/app-error.ts'
import type { LogLevel } from '../../shared/log.ts'
import type { Era } from '../../shared/server.ts'
import type { JsonObject } from './link.ts'
import type { ListKind } from './notifications.ts'
import type { ClientInfo } from './protocol.ts'

/** Something that the server says by itself, and the requests of ours that it can be about. */
export interface Remark {
  readonly method: string
  readonly params: JsonObject
  /** `params` as the server wrote it; `{}` where there was none. */
  readonly paramsText: string
  /**
   * The `owner`s of the requests in flight that it may be about, oldest first. One, when the transport says so or when
   * nothing else is in flight; none, when nothing with an owner is.
   */
  readonly owners: readonly object[]
}

/** A request of the server's own: elicitation, sampling, roots. */
export interface Question extends Remark {
  /** Fires when the server takes it back, and when the link ends. */
  readonly signal: AbortSignal
}

/** What the server is told; `text` is the JSON of `result`, or of `error`. */
export type QuestionReply = { kind: 'result'; text: string } | { kind: 'error'; text: string }

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
  /** A session that the server lost was opened anew: nothing is subscribed to in it. */
  onRenewed?(): void
  /** Every notification but progress, in the order of arrival, besides what the hooks above make of it. */
  onNotification?(notification: Remark): void
  /**
   * Answers a request of the server's own. Without the hook, or when it resolves to null, the server is told that there
   * is no such method.
   */
  onQuestion?(question: Question): Promise<QuestionReply> | null
  /** The connection ended; called once, and not when the link was disposed of. */
  onClosed?(failure: Failure): void
  /** Called once the era is known and the handshake done. */
  onHandshake?(era: Era): void
}

export interface LinkOptions {
  client: ClientInfo
  /** What we declare to be able to: to a legacy server once, to a modern one with each request that says nothing else. */
  capabilities?: JsonObject
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
