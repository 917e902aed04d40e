import { setTimeout as delay } from 'node:timers/promises'
import type { ServerId } from '../../shared/ids.ts'
import type { Tool } from '../../shared/server.ts'
import type { Answer, RawAnswer } from '../links/link.ts'
import type { Bulkhead } from './bulkhead.ts'
import type { Circuit } from './circuit.ts'
import { cancelledCall, type GatedCall, refused, type Tried } from './gated-call.ts'
import type { Bounds, RateBound } from './limits-book.ts'
import { askedPauseMs, isConnectionFailure, mayRepeat, RetryPauses } from './retry-policy.ts'

interface Bounded {
  readonly server: ServerId
  readonly tool: Tool | undefined
  readonly bounds: Bounds
  /** Null where none is kept. */
  readonly circuit: Circuit | null
}

/** Sends a call when its limits let it, as often as they say. Each thing that a limit does to it stands on its time line. */
export async function boundedCall<A extends Answer | RawAnswer>(
  call: GatedCall,
  bounded: Bounded,
  send: () => Promise<Tried<A>>,
): Promise<Tried<A>> {
  const { bounds } = bounded
  const tooEarly = await withinRate(call, bounds.buckets)
  if (tooEarly !== null) return tooEarly
  const entered: Bulkhead[] = []
  try {
    for (const bulkhead of bounds.bulkheads) {
      const refusal = await enter(call, bulkhead, bounded.server)
      if (refusal !== null) return refusal
      entered.push(bulkhead)
    }
    return await sendRepeatedly(call, bounded, send)
  } finally {
    for (const bulkhead of entered) bulkhead.leave()
  }
}

/** Null once the call may go on. */
async function withinRate(call: GatedCall, buckets: readonly RateBound[]): Promise<Tried<never> | null> {
  if (buckets.length === 0) return null
  const now = performance.now()
  let waitMs = 0
  for (const { bucket, rate } of buckets) {
    const ms = bucket.waitMs(now)
    if (ms > rate.wait_s * 1000) {
      call.note('limit', { kind: 'rate', verdict: 'refused', calls: rate.calls, per_s: rate.per_s, retry_after_ms: ms })
      const message = `More than ${countOf(rate.calls, 'call')} in ${rate.per_s} s: a limit keeps this one back. Nothing was sent.`
      return refused('rate_limited', message, `Call again in ${seconds(ms)}.`)
    }
    waitMs = Math.max(waitMs, ms)
  }
  for (const { bucket } of buckets) bucket.take(now)
  if (waitMs === 0) return null
  call.note('limit', { kind: 'rate', verdict: 'waits', wait_ms: waitMs })
  if (await waited(waitMs, call)) return null
  for (const { bucket } of buckets) bucket.giveBack()
  return cancelledCall
}

async function enter(call: GatedCall, bulkhead: Bulkhead, server: ServerId): Promise<Tried<never> | null> {
  const { max, queue } = bulkhead
  if (!bulkhead.isOpen && bulkhead.waiting < queue) {
    call.note('limit', { kind: 'concurrency', verdict: 'waits', max, before: bulkhead.waiting })
  }
  const admission = await bulkhead.enter(call.signal)
  switch (admission) {
    case 'entered':
      return null
    case 'cancelled':
      return cancelledCall
    case 'full': {
      call.note('limit', { kind: 'concurrency', verdict: 'refused', max, queue })
      const message = `${countOf(max, 'call')} of ${server} ${max === 1 ? 'is' : 'are'} under way and ${queue} wait: a limit keeps this one back. Nothing was sent.`
      return refused('too_many_calls', message, 'Call again when some of them have ended.')
    }
    default:
      return admission satisfies never
  }
}

async function sendRepeatedly<A extends Answer | RawAnswer>(
  call: GatedCall,
  { server, tool, bounds, circuit }: Bounded,
  send: () => Promise<Tried<A>>,
): Promise<Tried<A>> {
  const pauses = bounds.retries === null || !mayRepeat(tool) ? null : new RetryPauses(bounds.retries)
  for (let tries = 1; ; tries++) {
    const obstacle = circuit?.obstacle ?? null
    if (obstacle !== null) {
      const { untilMs, reason } = obstacle
      const waitMs = untilMs === null ? null : Math.max(0, untilMs - Date.now())
      call.note('limit', { kind: 'circuit', verdict: 'refused', retry_after_ms: waitMs, reason })
      const message = `Calls are kept from ${server}, whose connection failed again and again: ${reason}. Nothing was sent.`
      const when =
        waitMs === null ? 'Another call is trying it now; call again soon.' : `Call again in ${seconds(waitMs)}.`
      return refused('circuit_open', message, when)
    }
    const tried = circuit === null ? await send() : await runThrough(call, circuit, send)
    const { answer } = tried
    if (answer === undefined || !isConnectionFailure(answer) || pauses === null || call.isCancelled) return tried
    const waitMs = pauses.next(askedPauseMs(answer))
    if (waitMs === null) return tried
    const reason = 'failure' in answer ? answer.failure.message : answer.kind
    call.note('limit', { kind: 'retry', after_try: tries, wait_ms: waitMs, reason })
    if (!(await waited(waitMs, call))) return cancelledCall
  }
}

async function runThrough<A extends Answer | RawAnswer>(
  call: GatedCall,
  circuit: Circuit,
  send: () => Promise<Tried<A>>,
): Promise<Tried<A>> {
  const tried = await circuit.run(send)
  const { status } = circuit
  if (status?.state === 'open') call.note('limit', { kind: 'circuit', verdict: 'opened', until: status.until })
  return tried
}

/** False when the call was cancelled meanwhile. */
async function waited(ms: number, call: GatedCall): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: call.signal })
    return true
  } catch (error) {
    if (call.isCancelled) return false
    throw error
  }
}

const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))} s`
const countOf = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`
