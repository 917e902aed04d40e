import type { IncomingHttpHeaders } from 'node:http'
import type { ServerId } from '../../shared/ids.ts'
import type { Era } from '../../shared/server.ts'
import type { RequestId } from '../links/json-scan.ts'
import type { Member } from '../links/json-text.ts'
import type { JsonObject } from '../links/link.ts'
import type { TraceContext } from '../metrics/trace-context.ts'
import type { Caller } from './caller.ts'

/** What the path of a request asks for. */
export type Scope =
  /** All servers that the caller's profile grants, under names with the server's slug before them. */
  | { readonly kind: 'all' }
  /** One server under its own names. */
  | { readonly kind: 'server'; readonly server: ServerId }

/** What a client said about itself: once in `initialize`, or in the envelope of each modern request. */
export interface ClientFacts {
  readonly era: Era
  readonly protocolVersion: string
  readonly capabilities: JsonObject
  readonly implementation: { name: string; version: string } | null
}

/** What one `initialize` opened. It belongs to one token and one path, and ends with them. */
export interface LegacySession {
  readonly id: string
  readonly client: ClientFacts
  readonly scope: Scope
  /** Read anew at every request, for its grants may have changed. */
  readonly caller: Caller
  /** From `logging/setLevel`; null: the client has not asked for log messages. */
  logLevel: string | null
  /** The lists that it was served last, by method, as text: what differs from them is worth a word. */
  readonly served: Map<string, string>
  /** Fires when the session ends. */
  readonly ended: AbortSignal
  /** On the GET stream, if the client holds one open; lost otherwise. */
  notify(method: string, paramsText: string): void
}

/** One request of a client, whatever its era, with the stream that its answer goes back on. */
export interface GatewayCall {
  /** Whose it is and what it may reach; the profile of the path is in there. */
  readonly caller: Caller
  readonly scope: Scope
  readonly client: ClientFacts
  /** Null in the modern era. */
  readonly session: LegacySession | null
  /** Of the HTTP request that it came in. */
  readonly headers: IncomingHttpHeaders
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject
  /** `params` as the client wrote it; `{}` where there was none. Forward this, spliced, never `params`. */
  readonly paramsText: string
  /** Where the members of `params` stand in its text. */
  readonly paramsMembers: readonly Member[]
  /** Its span, whose part the work of a server is. Null: nothing is traced, or the spans of a task tell of it. */
  readonly trace: TraceContext | null
  /** Fires when the client cancels: by notification, or in the modern era by closing the stream. */
  readonly signal: AbortSignal
  /** As the signal, for less: told at once where it is cancelled already. */
  onCancel(listener: () => void): void
  /** A notification on the stream of this call, before its answer; `paramsText` is JSON. Lost when the client is gone. */
  notify(method: string, paramsText: string): void
  /**
   * Asks the client of a legacy session, on the stream of this call. In the modern era there is nobody to ask: answer
   * `input_required` instead.
   */
  ask(method: string, paramsText: string, signal?: AbortSignal): Promise<ClientAnswer>
}

/** What a client answered; `text` is the JSON of `result`, or of `error`. */
export type ClientAnswer =
  | { kind: 'result'; text: string }
  | { kind: 'error'; text: string }
  /** Nobody to ask, gone before it answered, or the signal fired. */
  | { kind: 'unanswered'; reason: 'no_session' | 'gone' | 'cancelled' }

/** What a handler answers; `text` is the JSON of `result`, or of `error`. The frame adds what the era demands. */
export type Reply =
  | { kind: 'result'; text: string }
  /** `status`: of the HTTP response in the modern era, where nothing went out before; 200 unless told. */
  | { kind: 'error'; text: string; status?: number }

export type MethodHandler = (call: GatewayCall) => Promise<Reply>

/** Methods that belong together, and what they add to the capabilities that are declared. */
export interface MethodSet {
  readonly methods: Readonly<Record<string, MethodHandler>>
  /** Notifications of legacy clients, told and not answered. */
  readonly notifications?: Readonly<Record<string, (session: LegacySession, params: JsonObject) => void>>
  capabilities(asked: Pick<GatewayCall, 'caller' | 'scope' | 'client'>): JsonObject
}

export function resultOf(value: JsonObject): Reply {
  return { kind: 'result', text: JSON.stringify(value) }
}

export function errorOf(code: number, message: string, options: { data?: unknown; status?: number } = {}): Reply {
  const { data, status } = options
  const text = JSON.stringify({ code, message, ...(data !== undefined && { data }) })
  return { kind: 'error', text, ...(status !== undefined && { status }) }
}
