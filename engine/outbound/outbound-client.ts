import { AppError, failureOf } from '../../shared/app-error.ts'
import type { OutboundDecision } from '../../shared/outbound.ts'
import { RetryPauses } from '../limits/retry-policy.ts'
import { httpSpan } from '../metrics/http-span.ts'
import type { CallTracing, TaskPlace } from '../metrics/trace-context.ts'
import { AllowedTargets } from './allowed-targets.ts'
import { type OutboundClock, systemClock } from './clock.ts'
import { type Dialling, systemDialling } from './dial.ts'
import { exchange, type OutboundAnswer, type OutboundMessage } from './exchange.ts'
import { defaultLaneRules, type LanePauses, type LaneRules, ServiceLane } from './service-lane.ts'
import { readTarget } from './target-rules.ts'
import { toldPauseMs } from './told-pause.ts'

/** One request to a program outside. */
export interface OutboundRequest extends OutboundMessage {
  /** Who asks: `callback`, `github`, `http`. Limits and metrics are kept by it. */
  readonly service: string
  /** Whose allowance it uses, as a credential's name; the host unless told. */
  readonly key?: string
  /** For metrics: few different texts. `METHOD host` unless told. */
  readonly endpoint?: string
  /** What it is a part of: its receiver hears of that as `traceparent`, while calls are traced. */
  readonly task?: TaskPlace
  readonly signal: AbortSignal
  /** For each try; 30 s unless told. */
  readonly timeoutMs?: number
  /** 1 MiB unless told. */
  readonly maxBytes?: number
  /** Tries after the first, for what may be repeated; none unless told. */
  readonly retries?: { most: number; first_delay_ms: number; longest_delay_ms: number }
  /** Asked before a redirect is followed; what it throws ends the request. */
  onRedirect?(to: URL): void
  /** Each decision as it is taken, for the time line of a task. */
  onDecision?(decision: OutboundDecision): void
}

/** One try that was sent, for metrics; a status of null: no answer came. */
export interface OutboundCall {
  readonly service: string
  readonly endpoint: string
  readonly status: number | null
  readonly duration_ms: number
}

interface Parts {
  /** The allowed targets as they stand now. */
  readonly allowed: () => readonly string[]
  readonly dialling?: Dialling
  readonly clock?: OutboundClock
  readonly rules?: Partial<LaneRules>
  /** What services asked for in an earlier life, and where it is kept for the next one. */
  readonly pauses?: LanePauses
  readonly tracing?: Pick<CallTracing, 'of' | 'span'>
}

const defaultTimeoutMs = 30_000
const defaultMaxBytes = 1024 * 1024
const keptLanes = 500

const noPauses: LanePauses = { untilMs: () => 0, note: () => {} }

/** Statuses of a service that is too busy or not there. */
const busy: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Every call of ours to an address that somebody else has named goes through here. */
export class OutboundClient {
  readonly #allowed: () => readonly string[]
  readonly #dialling: Dialling
  readonly #clock: OutboundClock
  readonly #pauses: LanePauses
  readonly #tracing: Parts['tracing']
  readonly #rules: LaneRules
  readonly #lanes = new Map<string, ServiceLane>()
  readonly #observers = new Set<(call: OutboundCall) => void>()

  constructor({
    allowed,
    dialling = systemDialling,
    clock = systemClock,
    rules = {},
    pauses = noPauses,
    tracing,
  }: Parts) {
    this.#allowed = allowed
    this.#dialling = dialling
    this.#clock = clock
    this.#pauses = pauses
    this.#tracing = tracing
    this.#rules = { ...defaultLaneRules, ...rules }
  }

  /** Tells of every try that was sent. */
  observe(observer: (call: OutboundCall) => void): Disposable {
    this.#observers.add(observer)
    return { [Symbol.dispose]: () => void this.#observers.delete(observer) }
  }

  /** What can be said of a URL before its name is looked up. @throws AppError `target_refused` (400). */
  check(url: string): void {
    readTarget(url, new AllowedTargets(this.#allowed()))
  }

  /**
   * The answer, whatever its status. Tries again what `retries` allows where the service is not there or too busy.
   * @throws AppError `target_refused` (400); `target_unreachable`, `answer_too_large`, `too_many_redirects` (502);
   * `target_timeout` (504); `queue_full`, `asked_to_wait`, `circuit_open` (503, with `retry_after_ms` in its data).
   */
  async send(request: OutboundRequest): Promise<OutboundAnswer> {
    const pauses = new RetryPauses(request.retries ?? { most: 0, first_delay_ms: 1, longest_delay_ms: 1 })
    for (let attempt = 1; ; attempt++) {
      const tried = await this.#try(request, attempt)
      if (!tried.mayDoBetter) return settled(tried)
      const pauseMs = pauses.next(tried.askedMs)
      if (pauseMs === null) return settled(tried)
      this.#tell(request, attempt, { decision: 'retry', ms: pauseMs, next_at: this.#at(pauseMs) })
      await this.#clock.wait(pauseMs, request.signal)
    }
  }

  async #try(request: OutboundRequest, attempt: number): Promise<Tried> {
    const { signal } = request
    const lane = this.#lane(request)
    try {
      const onWait = (ms: number): void => this.#tell(request, attempt, { decision: 'waited', ms })
      const answer = await lane.pass(() => this.#once(request, attempt), { signal, onWait })
      const askedMs = toldPauseMs(answer.headers, this.#clock.now())
      return { answer, mayDoBetter: busy.has(answer.status), askedMs }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof AppError)) throw error
      const { code, message, data } = error
      const decision = decisions[code]
      if (decision !== undefined) this.#tell(request, attempt, { decision, code, message })
      const askedMs = typeof data.retry_after_ms === 'number' ? data.retry_after_ms : 0
      return { error, mayDoBetter: passing.has(code), askedMs }
    }
  }

  /** One try on the wire, measured and told. */
  async #once(request: OutboundRequest, attempt: number): Promise<OutboundAnswer> {
    const { service, signal, timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes } = request
    const endpoint = endpointOf(request)
    const began = performance.now()
    let status: number | null = null
    let failure: string | null = null
    let isSent = true
    const { task } = request
    const span = task === undefined || !this.#tracing ? null : httpSpan(this.#tracing, { ...request, task, attempt })
    // What the request itself says of its place goes before that.
    const message = span === null ? request : { ...request, headers: { ...span.headers, ...request.headers } }
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await exchange(message, this.#dialling, {
        allowed: new AllowedTargets(this.#allowed()),
        signal: AbortSignal.any([signal, timeout]),
        maxBytes,
        onRedirect: (from, to) => {
          request.onRedirect?.(to)
          this.#tell(request, attempt, { decision: 'redirected', message: `from ${from.host} to ${to.host}` })
        },
      })
      status = answer.status
      this.#tell(request, attempt, { decision: 'answered', status, ms: Math.round(performance.now() - began) })
      return answer
    } catch (error) {
      const told = timeout.aborted && !signal.aborted ? timedOut(request, timeoutMs) : error
      failure = failureOf(told).code
      isSent = failure !== 'target_refused'
      throw told
    } finally {
      const call = { service, endpoint, status, duration_ms: performance.now() - began }
      if (isSent) {
        span?.end(status, failure)
        for (const observer of this.#observers) observer(call)
      }
    }
  }

  #lane(request: OutboundRequest): ServiceLane {
    const name = `${request.service} ${request.key ?? hostOf(request.url)}`
    const lane = this.#lanes.get(name) ?? new ServiceLane(name, this.#rules, this.#clock, this.#pauses)
    this.#lanes.delete(name)
    this.#lanes.set(name, lane)
    if (this.#lanes.size > keptLanes) {
      const idle = [...this.#lanes].find(([, { isIdle }]) => isIdle)
      if (idle !== undefined) this.#lanes.delete(idle[0])
    }
    return lane
  }

  #tell(request: OutboundRequest, attempt: number, facts: Omit<OutboundDecision, 'service' | 'endpoint' | 'attempt'>) {
    request.onDecision?.({ service: request.service, endpoint: endpointOf(request), attempt, ...facts })
  }

  #at(inMs: number): string {
    return new Date(this.#clock.now() + inMs).toISOString()
  }
}

type Tried = { readonly mayDoBetter: boolean; readonly askedMs: number } & (
  | { readonly answer: OutboundAnswer; readonly error?: never }
  | { readonly error: AppError; readonly answer?: never }
)

/** Failures that another try may not meet. */
const passing: ReadonlySet<string> = new Set(['target_unreachable', 'target_timeout', 'asked_to_wait', 'queue_full'])

const decisions: Readonly<Record<string, OutboundDecision['decision']>> = {
  target_refused: 'refused',
  target_unreachable: 'unreachable',
  target_timeout: 'unreachable',
  answer_too_large: 'unreachable',
  too_many_redirects: 'refused',
  queue_full: 'queue_full',
  asked_to_wait: 'asked_to_wait',
  circuit_open: 'circuit_open',
}

function settled(tried: Tried): OutboundAnswer {
  if (tried.answer !== undefined) return tried.answer
  throw tried.error
}

function endpointOf({ endpoint, method, url }: OutboundRequest): string {
  return endpoint ?? `${method} ${hostOf(url)}`
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'no host'
}

function timedOut(request: OutboundRequest, timeoutMs: number): AppError {
  return new AppError('target_timeout', `${hostOf(request.url)} gave no answer within ${timeoutMs / 1000} s.`, {
    hint: 'Try again later, or have it answer before it does its work.',
    status: 504,
  })
}
