import type { Failure } from '../../shared/app-error.ts'
import type { ConsentGate } from '../consent/consent-gate.ts'
import type { Host } from '../host.ts'
import type { AuthorizerFor } from '../links/authorizer.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ServerRepo } from '../store/store.ts'
import type { ProcessRegistry } from './process-registry.ts'
import type { Exit } from './server-process.ts'
import type { ServerTraffic } from './server-traffic.ts'
import type { SupervisorRules } from './supervisor-rules.ts'

export interface LifeContext {
  readonly host: Host
  readonly store: ServerRepo
  readonly baseEnv: Readonly<Record<string, string>>
  readonly rules: SupervisorRules
  /** Told of every secret before a server can say it. */
  readonly masker: Masker
  readonly consent: ConsentGate
  /** Asked by each start of a remote server. */
  readonly authorizerFor: AuthorizerFor
  readonly installId: string
  readonly registry: ProcessRegistry
  readonly traffic: ServerTraffic | null
}

/** The reason of a stop that does not wait for calls in flight. */
export const quitting = Symbol('quitting')

/** How a life ended without being asked to. */
export interface LifeEnd {
  readonly failure: Failure
  /** Facts of the error for programs, as in `AppError.data`. */
  readonly data: Readonly<Record<string, unknown>>
  readonly exit: Exit | null
  /** Milliseconds that it had been ready; null when it never was. */
  readonly readyMs: number | null
}
