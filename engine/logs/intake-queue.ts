import type { IntakeMessage } from './intake-messages.ts'

/** So long messages are taken before timers, answers and what other threads have done get their turn. */
const sliceMs = 5

/** Messages in the order in which they came. A flood brings hundreds in one turn of the event loop, and would keep it for itself. */
export class IntakeQueue {
  readonly #take: (message: IntakeMessage) => void
  #waiting: (IntakeMessage | (() => void))[] = []
  #turn: NodeJS.Immediate | null = null

  constructor(take: (message: IntakeMessage) => void) {
    this.#take = take
  }

  push(message: IntakeMessage): void {
    this.#add(message)
  }

  /** Resolves once all that came so far was taken. */
  reached(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#add(resolve)
    return promise
  }

  #add(item: IntakeMessage | (() => void)): void {
    this.#waiting.push(item)
    this.#turn ??= setImmediate(() => this.#slice())
  }

  #slice(): void {
    this.#turn = null
    const dueMs = performance.now() + sliceMs
    let taken = 0
    while (taken < this.#waiting.length) {
      const item = this.#waiting[taken++]!
      if (typeof item === 'function') item()
      else this.#take(item)
      if (performance.now() >= dueMs) break
    }
    this.#waiting = this.#waiting.slice(taken)
    if (this.#waiting.length > 0) this.#turn ??= setImmediate(() => this.#slice())
  }
}
