import type { TaskId } from '../../shared/ids.ts'
import type { TaskEvent } from '../../shared/task.ts'
import type { Answer, RawAnswer } from '../links/link.ts'
import type { Outcome } from '../tasks/outcome.ts'

/** What one try of a call came to: an answer, or an end before anything was sent. */
export type Tried<A extends Answer | RawAnswer = Answer | RawAnswer> =
  | { readonly answer: A; readonly outcome?: never }
  | { readonly outcome: Outcome; readonly answer?: never }

/** A task whose call is held up or bounded, as limits and approvals see it. */
export interface GatedCall {
  readonly id: TaskId
  readonly isCancelled: boolean
  /** Fires when somebody wants no answer any more. */
  readonly signal: AbortSignal
  /** JSON of its arguments. */
  readonly argumentsText: string
  /** Puts an entry on the time line, and on record. */
  note(kind: TaskEvent['kind'], data: TaskEvent['data']): void
  /** While it waits for a person, and again when it waits no more. */
  setStatus(status: 'queued' | 'input_required'): Promise<void>
  /** Tells whoever waits for the answer that the call is alive, where it has asked to be told. */
  ping(message: string): void
}

export function refused(code: string, message: string, hint: string | null): Tried<never> {
  return { outcome: { status: 'failed', error: { code, message, hint } } }
}

export const cancelledCall: Tried<never> = {
  outcome: { status: 'cancelled', error: { code: 'cancelled', message: 'The call was cancelled.', hint: null } },
}
