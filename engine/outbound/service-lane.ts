import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IBackoff,
} from 'cockatiel'
import { AppError } from '../../shared/app-error.ts'
import { Bulkhead } from '../limits/bulkhead.ts'
import { TokenBucket } from '../limits/token-bucket.ts'
import type { OutboundClock } from './clock.ts'
import type { OutboundAnswer } from './exchange.ts'
import type { KeptPauses } from './kept-pauses.ts'
import { toldPauseMs } from './told-pause.ts'

/** How many requests one service and key gets at most. */
export interface LaneRules {
  /** So many at once, which come back as so many within `per_s` seconds. */
  readonly bucket: { calls: number; per_s: number }
  readonly bulkhead: { max: number; queue: number }
  readonly circuit: { failures: number; first_open_ms: number; longest_open_ms: number }
  /** A request that would have to wait longer for its turn fails at once. */
  readonly longestWaitMs: number
}

export const defaultLaneRules: LaneRules = {
  bucket: { calls: 100, per_s: 10 },
  bulkhead: { max: 8, queue: 100 },
  circuit: { failures: 5, first_open_ms: 30_000, longest_open_ms: 600_000 },
  longestWaitMs: 10_000,
}

/** What outlives the program. */
export type LanePauses = Pick<KeptPauses, 'untilMs' | 'note'>

export interface Passage {
  readonly signal: AbortSignal
  /** Told of a wait before it begins. */
  onWait(ms: number): void
}

/** What stands between us and one service under one key: a bulkhead, a token bucket, what the service asked for, a circuit. */
export class ServiceLane {
  readonly #name: string
  readonly #rules: LaneRules
  readonly #clock: OutboundClock
  readonly #pauses: LanePauses
  readonly #bulkhead: Bulkhead
  readonly #bucket: TokenBucket
  readonly #circuit: CircuitBreakerPolicy
  #users = 0
  #pausedUntilMs = 0
  #openUntilMs = 0

  constructor(name: string, rules: LaneRules, clock: OutboundClock, pauses: LanePauses) {
    this.#name = name
    this.#pauses = pauses
    this.#pausedUntilMs = pauses.untilMs(name)
    this.#rules = rules
    this.#clock = clock
    this.#bulkhead = new Bulkhead(rules.bulkhead)
    this.#bucket = new TokenBucket(rules.bucket, clock.now())
    this.#circuit = circuitBreaker(
      handleWhen((error) => isOutage(error) || this.#circuit.state === CircuitState.HalfOpen).orWhenResult(
        (answer) => (answer as OutboundAnswer).status >= 500,
      ),
      {
        breaker: new ConsecutiveBreaker(rules.circuit.failures),
        halfOpenAfter: { next: () => this.#openFor(rules.circuit.first_open_ms) },
      },
    )
  }

  /** Nothing is lost with it but a full bucket: it may be forgotten. */
  get isIdle(): boolean {
    return this.#users === 0 && this.#pausedUntilMs <= this.#clock.now() && this.#circuit.state === CircuitState.Closed
  }

  /** @throws AppError `queue_full`, `asked_to_wait`, `circuit_open` (503), with `retry_after_ms` in its data. */
  async pass(send: () => Promise<OutboundAnswer>, passage: Passage): Promise<OutboundAnswer> {
    this.#refuseWhileOpen()
    this.#users += 1
    try {
      const admission = await this.#bulkhead.enter(passage.signal)
      if (admission === 'full') throw queueFull(this.#name)
      passage.signal.throwIfAborted()
      try {
        await this.#turn(passage)
        return await this.#through(send)
      } finally {
        this.#bulkhead.leave()
      }
    } finally {
      this.#users -= 1
    }
  }

  async #turn({ signal, onWait }: Passage): Promise<void> {
    const waitMs = this.#waitMs()
    if (waitMs > this.#rules.longestWaitMs) {
      throw askedToWait(this.#name, waitMs)
    }
    this.#bucket.take(this.#clock.now())
    if (waitMs === 0) return
    onWait(waitMs)
    try {
      await this.#clock.wait(waitMs, signal)
    } catch (error) {
      this.#bucket.giveBack()
      throw error
    }
    // Somebody else may have been told to wait meanwhile.
    const leftMs = this.#pausedUntilMs - this.#clock.now()
    if (leftMs > 0) throw askedToWait(this.#name, leftMs)
  }

  #waitMs(): number {
    const now = this.#clock.now()
    return Math.max(0, this.#pausedUntilMs - now, this.#bucket.waitMs(now))
  }

  async #through(send: () => Promise<OutboundAnswer>): Promise<OutboundAnswer> {
    try {
      const answer = await this.#circuit.execute(send)
      const now = this.#clock.now()
      const untilMs = now + toldPauseMs(answer.headers, now)
      if (untilMs > this.#pausedUntilMs) {
        this.#pausedUntilMs = untilMs
        this.#pauses.note(this.#name, untilMs)
      }
      return answer
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.#brokenCircuit()
      throw error
    }
  }

  #refuseWhileOpen(): void {
    if (this.#circuit.state === CircuitState.Open && this.#openUntilMs > Date.now()) throw this.#brokenCircuit()
  }

  #brokenCircuit(): AppError {
    return circuitOpen(this.#name, this.#openUntilMs - Date.now())
  }

  /** Cockatiel measures by the clock of the system. */
  #openFor(duration: number): IBackoff<unknown> {
    this.#openUntilMs = Date.now() + duration
    return { duration, next: () => this.#openFor(Math.min(duration * 2, this.#rules.circuit.longest_open_ms)) }
  }
}

function queueFull(name: string): AppError {
  return new AppError('queue_full', `Too many requests wait for ${name}; nothing was sent.`, {
    hint: 'Try again in a moment, or ask for less at once.',
    ...unsent(1000),
  })
}

function askedToWait(name: string, waitMs: number): AppError {
  return new AppError(
    'asked_to_wait',
    `${name} is to be left in peace for ${seconds(waitMs)} more; nothing was sent.`,
    {
      hint: `Try again in ${seconds(waitMs)}.`,
      ...unsent(waitMs),
    },
  )
}

function circuitOpen(name: string, waitMs: number): AppError {
  return new AppError('circuit_open', `${name} failed so often that it is left alone; nothing was sent.`, {
    hint: `It is tried again in ${seconds(waitMs)}.`,
    ...unsent(waitMs),
  })
}

const unsent = (waitMs: number) => ({ status: 503, data: { retry_after_ms: Math.max(0, Math.ceil(waitMs)) } })
const seconds = (ms: number): string => `${Math.max(0, Math.ceil(ms / 1000))} s`

function isOutage(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'target_unreachable' || error.code === 'target_timeout')
}
