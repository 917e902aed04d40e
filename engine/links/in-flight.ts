import type { Progress } from '../../shared/task.ts'
import type { Bounded } from './deadlines.ts'
import type { RequestId } from './json-scan.ts'
import type { Answer, ForwardOptions, Unfinished } from './link.ts'

type InFlightOptions = Pick<
  ForwardOptions,
  'signal' | 'timeoutMs' | 'maxTotalMs' | 'onSent' | 'owner' | 'wantsText'
> & {
  onProgress?: ((progress: Progress, text: string) => void) | undefined
}

/** One request that waits for its answer. It settles exactly once, whatever happens around it. */
export class InFlight implements Bounded {
  readonly id: number
  readonly answer: Promise<Answer>
  /** Whether its answer is wanted as it is written. */
  readonly isForwarded: boolean
  readonly #options: InFlightOptions
  readonly #unfinished: () => Unfinished | null
  readonly #onSettled: (answer: Answer) => void
  readonly #resolve: (answer: Answer) => void
  /** When no answer or progress, and when no answer, is waited for any more. */
  #idleAt = 0
  #totalAt = 0
  readonly #onAbort = () => this.settle({ kind: 'cancelled' })
  #isSettled = false
  #held = 0

  constructor(
    id: number,
    options: InFlightOptions,
    isForwarded: boolean,
    unfinished: () => Unfinished | null,
    onSettled: (answer: Answer) => void,
  ) {
    this.id = id
    this.isForwarded = isForwarded
    this.#options = options
    this.#unfinished = unfinished
    this.#onSettled = onSettled
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.answer = promise
    this.#resolve = resolve
    this.#begin()
    options.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  get wantsText(): boolean {
    return this.#options.wantsText === true
  }

  settle(answer: Answer): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    this.#onSettled(answer)
    this.#resolve(answer)
  }

  sent(): void {
    this.#options.onSent?.(this.id)
  }

  /** A question of its server waits for an answer: that time is not the server's. */
  hold(): void {
    this.#held++
  }

  /** The question is answered: the limits begin anew. */
  release(): void {
    if (--this.#held > 0 || this.#isSettled) return
    this.#begin()
  }

  get dueAt(): number {
    return this.#held > 0 ? Number.POSITIVE_INFINITY : Math.min(this.#idleAt, this.#totalAt)
  }

  expire(): void {
    const which = this.#idleAt <= this.#totalAt ? 'idle' : 'total'
    const limitMs = which === 'idle' ? this.#options.timeoutMs : this.#options.maxTotalMs
    const unfinished = this.#unfinished()
    this.settle({ kind: 'timed_out', limitMs, which, ...(unfinished && { unfinished }) })
  }

  /** `text`: the whole message. */
  progress(progress: Progress, text: string): void {
    if (this.#held === 0) this.#idleAt = performance.now() + this.#options.timeoutMs
    this.#options.onProgress?.(progress, text)
  }

  get owner(): object | undefined {
    return this.#options.owner
  }

  #begin(): void {
    const now = performance.now()
    this.#idleAt = now + this.#options.timeoutMs
    this.#totalAt = now + this.#options.maxTotalMs
  }
}

/** Requests that were given up and may still be answered; the oldest are forgotten. */
export class Abandoned {
  readonly #since = new Map<number, { at: number; onLateAnswer: ForwardOptions['onLateAnswer'] }>()

  add(id: number, onLateAnswer: ForwardOptions['onLateAnswer']): void {
    this.#since.set(id, { at: performance.now(), onLateAnswer })
    if (this.#since.size > 1000) this.#since.delete(this.#since.keys().next().value!)
  }

  /** True when the id was given up; tells whoever asked for it how late the answer is. */
  takeAnswer(id: number): boolean {
    const entry = this.#since.get(id)
    if (entry === undefined) return false
    this.#since.delete(id)
    entry.onLateAnswer?.(Math.round(performance.now() - entry.at))
    return true
  }
}

/** Our ids are numbers; some servers give them back as text. */
export function ownId(id: RequestId): number | null {
  if (typeof id === 'number') return id
  return /^\d{1,15}$/.test(id) ? Number(id) : null
}
