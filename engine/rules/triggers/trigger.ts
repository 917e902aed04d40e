import type { Failure } from '../../../shared/app-error.ts'

/** What a rule watches by itself; its events go over the bus. */
export interface Trigger extends AsyncDisposable {
  /** Why it cannot watch now; null when it does. */
  readonly problem: Failure | null
  /** RFC 3339; null where it has no schedule. */
  readonly nextDue: string | null
}
