import type { Failure } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { RemoteSpec } from '../config/server-spec.ts'

/** A request that a server refused for who asked. */
export interface Refusal {
  /** 401, or 403 where the token lacks a scope. */
  readonly status: 401 | 403
  /** The `www-authenticate` header; empty where there was none. */
  readonly challenge: string
  /** The `authorization` header that was refused; null where none was sent. */
  readonly used: string | null
  /** It was refused once before, and renewed in between. */
  readonly isSecond: boolean
}

/** Speaks for us at one remote server. */
export interface Authorizer {
  /** The `authorization` header for the next request, renewed when it is about to expire; null where there is none. */
  authorization(): Promise<string | null>
  /** Whether one more try makes sense now, or what stands in its way. */
  refused(refusal: Refusal): Promise<'again' | Failure>
}

/** Who signs the requests to a server, its entry filled in; null where nobody does. */
export type AuthorizerFor = (id: ServerId, remote: RemoteSpec) => Authorizer | null

/** Whether a 403 is about what the token may do (RFC 6750, section 3.1), and not about anything else. */
export function isScopeRefusal(challenge: string): boolean {
  return /error="?insufficient_scope/.test(challenge)
}
