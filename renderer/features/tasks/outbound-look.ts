import { type OutboundDecision, outboundDecisionSchema } from '../../../shared/outbound.ts'
import type { TaskEvent } from '../../../shared/task.ts'
import { formatDuration } from '../../ui/format.ts'

/** What a request to the outside says of itself on a time line. */
export interface OutboundLook {
  label: string
  note: string
  look: 'tick' | 'warn' | 'error'
  tookMs: number | null
}

/** Null for events of another kind. */
export function outboundLook({ kind, data, at }: TaskEvent): OutboundLook | null {
  if (kind !== 'outbound') return null
  const { data: decision } = outboundDecisionSchema.safeParse(data)
  if (decision === undefined) return { label: 'outbound', note: '', look: 'tick', tookMs: null }
  const tookMs = decision.decision === 'answered' || decision.decision === 'waited' ? (decision.ms ?? null) : null
  return { label: decision.service, note: noteOf(decision, at), look: lookOf(decision), tookMs }
}

/** Short: the lane beside it is wide, and all that is known stands in the opened row. */
function noteOf({ decision, endpoint, status, attempt, message, next_at }: OutboundDecision, at: string): string {
  const host = endpoint.replace(/^\S+ /, '')
  const nth = attempt > 1 ? `, attempt ${attempt}` : ''
  switch (decision) {
    case 'answered':
      return `HTTP ${status}${nth}`
    case 'unreachable':
      return `no answer${nth}`
    case 'refused':
      return message ?? `${host} is not called`
    case 'redirected':
      return `redirected ${message ?? ''}`
    case 'waited':
      return 'waited for its turn'
    case 'asked_to_wait':
      return 'asked to wait'
    case 'retry':
      return next_at === undefined ? 'again' : `again in ${formatDuration(Date.parse(next_at) - Date.parse(at))}`
    case 'queue_full':
      return 'too many wait'
    case 'circuit_open':
      return 'left alone after failures'
    case 'gave_up':
      return `given up after ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}`
    default:
      return decision satisfies never
  }
}

function lookOf({ decision, status = 0 }: OutboundDecision): OutboundLook['look'] {
  if (decision === 'answered') return status < 400 ? 'tick' : 'warn'
  if (decision === 'refused' || decision === 'gave_up') return 'error'
  return decision === 'redirected' || decision === 'waited' || decision === 'retry' ? 'tick' : 'warn'
}
