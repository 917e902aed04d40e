import type { Caller } from './caller.ts'
import type { ClientFacts, Scope } from './call.ts'

/** What one `initialize` opened. It belongs to one token and one path, and ends with them. */
export interface LegacySession {
  readonly id: string
  readonly client: ClientFacts
  readonly scope: Scope
  /** Read anew at every request, for its grants may have changed. */
  readonly caller: Caller
  /** From `logging/setLevel`; null: the client has not asked for log messages. */
  logLevel: string | null
  /** Fires when the session ends. */
  readonly ended: AbortSignal
  /** On the GET stream, if the client holds one open; held back for it otherwise, a bounded number. */
  notify(method: string, paramsText: string): void
}
