import type { Failure } from '../../shared/app-error.ts'
import type { Era } from '../../shared/server.ts'
import type { Answer, Json, Unfinished } from './link.ts'
import type { Outgoing } from './outgoing.ts'
import type { Inbound } from './read-message.ts'

/** Carries JSON-RPC messages to one server and back; knows nothing of what they mean. */
export interface Transport extends AsyncDisposable {
  /** How often a session was opened anew in place of a lost one. */
  readonly renewals: number
  /**
   * Hands a message over. Throws an AppError at once when it is refused on the spot (closed, queue full); the promise
   * settles when the message was written. `requestId` is set when the message is a request.
   */
  send(message: Outgoing, requestId: number | null): Promise<void>
  /** Gives a request up where the transport itself says so to the server; false when a notification has to. */
  giveUp(requestId: number): boolean
  /** What has come of a message whose end has not; null when nothing waits for its end. */
  unfinished(): Unfinished | null
  /** Whether the server still takes what is sent to it; asked when it has been silent for too long. */
  takesInput(): Promise<boolean>
  /** Told once, after the handshake. */
  established(handshake: { era: Era; protocolVersion: string }): void
  /** Told of every page of tools, which may name arguments that the transport has to carry beside the message. */
  toolsListed(tools: Json[]): void
}

/** What a transport tells. `requestId` lays a text to the request whose reply it came in. */
export interface TransportSink {
  firstByte(): void
  receive(inbound: Inbound, requestId?: number): void
  /** The transport itself knows what became of a request. */
  settle(requestId: number, answer: Answer): void
  /** Whether a request still waits for its answer. */
  isWaiting(requestId: number): boolean
  remark(failure: Failure): void
  /** Once: nothing more will come. */
  closed(failure: Failure): void
}
