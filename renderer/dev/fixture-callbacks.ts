import type { OutboundDecision } from '../../shared/outbound.ts'

const facts = { service: 'callback', endpoint: 'POST hooks.example.com' }

/** What a callback that succeeds the second time says on the time line. */
export const callbackDecisions: readonly OutboundDecision[] = [
  { ...facts, decision: 'answered', attempt: 1, status: 503, ms: 212 },
  { ...facts, decision: 'retry', attempt: 1, next_at: '2026-11-22T14:07:20.100Z' },
  { ...facts, decision: 'answered', attempt: 2, status: 200, ms: 164 },
]
