import { decorrelatedJitterGenerator, ExponentialBackoff, type IBackoff } from 'cockatiel'
import type { Limit } from '../../shared/limits.ts'
import type { Tool } from '../../shared/server.ts'
import { waitAskedFor } from '../links/http-failure.ts'
import type { Answer, RawAnswer } from '../links/link.ts'

/** What a server says when it is too busy or not there; the call did not reach the tool. */
const busy: ReadonlySet<string> = new Set(['asked_to_wait', 'http_429', 'http_502', 'http_503', 'http_504'])

/** Whether a tool says of itself that a second call does no harm. */
export function mayRepeat(tool: Tool | undefined): boolean {
  const { readOnlyHint, idempotentHint } = tool?.annotations ?? {}
  return readOnlyHint === true || idempotentHint === true
}

/** Whether the connection failed, rather than the tool: then the same call may do better later. */
export function isConnectionFailure(answer: Answer | RawAnswer): boolean {
  return answer.kind === 'closed' || (answer.kind === 'invalid' && busy.has(answer.failure.code))
}

/** Milliseconds that the server asked to be left in peace; 0 where it did not. */
export function askedPauseMs(answer: Answer | RawAnswer): number {
  return answer.kind === 'closed' || answer.kind === 'invalid' ? (waitAskedFor(answer.failure) ?? 0) : 0
}

/** The pauses between the tries of one call: they grow, they differ from call to call, and none is over the longest. */
export class RetryPauses {
  readonly #longestMs: number
  #left: number
  #backoff: IBackoff<unknown>

  constructor({ most, first_delay_ms, longest_delay_ms }: NonNullable<Limit['retries']>) {
    this.#longestMs = longest_delay_ms
    this.#left = most
    this.#backoff = new ExponentialBackoff({
      initialDelay: first_delay_ms,
      maxDelay: longest_delay_ms,
      generator: decorrelatedJitterGenerator,
    }).next()
  }

  /** Milliseconds until the next try; null when there is none, or when the server asks for more than may be waited. */
  next(askedMs: number): number | null {
    if (this.#left === 0 || askedMs > this.#longestMs) return null
    this.#left -= 1
    const { duration } = this.#backoff
    this.#backoff = this.#backoff.next(undefined)
    return Math.round(Math.max(duration, askedMs))
  }
}
