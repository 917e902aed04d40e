import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  type FailureReason,
  handleWhenResult,
  type IBackoff,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel'
import type { ServerId } from '../../shared/ids.ts'
import type { CircuitStatus, Limit } from '../../shared/limits.ts'
import type { Tried } from './gated-call.ts'
import { askedPauseMs, isConnectionFailure } from './retry-policy.ts'

type Bounds = NonNullable<Limit['circuit']>

/** What stands in the way of a call: until when, and what the server did last. */
export interface OpenCircuit {
  /** Null while the one call that may try is on its way. */
  readonly untilMs: number | null
  readonly reason: string
}

/**
 * Keeps calls from a server whose connection failed so many times in a row. After the pause one call may try: what it
 * meets closes the circuit, or opens it again. A server that asks for a longer pause gets it.
 */
export class Circuit {
  readonly server: ServerId
  readonly bounds: Bounds
  readonly #policy: CircuitBreakerPolicy
  #reason = ''
  #untilMs = 0

  constructor(server: ServerId, bounds: Bounds) {
    this.server = server
    this.bounds = bounds
    this.#policy = circuitBreaker(
      handleWhenResult((tried) => this.#isFailure(tried as Tried)),
      {
        breaker: new ConsecutiveBreaker(bounds.failures),
        halfOpenAfter: { next: (context) => this.#pause(context.result) },
      },
    )
  }

  /** What keeps a call from leaving now; null where nothing does. */
  get obstacle(): OpenCircuit | null {
    switch (this.#policy.state) {
      case CircuitState.Open:
        return Date.now() < this.#untilMs ? { untilMs: this.#untilMs, reason: this.#reason } : null
      case CircuitState.HalfOpen:
        return { untilMs: null, reason: this.#reason }
      default:
        return null
    }
  }

  get status(): CircuitStatus | null {
    const { obstacle, server } = this
    if (obstacle === null) return null
    const { untilMs, reason } = obstacle
    const until = untilMs === null ? null : new Date(untilMs).toISOString()
    return { server, state: untilMs === null ? 'half_open' : 'open', until, reason }
  }

  /** Only where there is no obstacle. */
  run<T extends Tried>(send: () => Promise<T>): Promise<T> {
    return this.#policy.execute(send)
  }

  #isFailure(tried: Tried): boolean {
    const isProbe = this.#policy.state === CircuitState.HalfOpen
    const { answer } = tried
    if (answer === undefined || !isConnectionFailure(answer)) {
      // Of the one call that tries, only an answer is a proof of life.
      const isAnswered = answer !== undefined && answer.kind !== 'cancelled' && answer.kind !== 'timed_out'
      return isProbe && !isAnswered
    }
    if ('failure' in answer) this.#reason = answer.failure.message
    return true
  }

  #pause(failed: FailureReason<unknown>): IBackoff<IHalfOpenAfterBackoffContext> {
    const answer = 'value' in failed ? (failed.value as Tried).answer : undefined
    const askedMs = answer === undefined ? 0 : askedPauseMs(answer)
    const duration = Math.max(this.bounds.open_s * 1000, askedMs)
    this.#untilMs = Date.now() + duration
    return { duration, next: ({ result }) => this.#pause(result) }
  }
}
