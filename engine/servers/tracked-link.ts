import type { Answer, JsonObject, Link, LinkInfo, RequestOptions } from '../links/link.ts'

/** What each era is asked to see whether it lives: any answer will do. */
export const livenessMethod = { legacy: 'ping', modern: 'server/discover' } as const
const livenessMethods: ReadonlySet<string> = new Set(Object.values(livenessMethod))

/** A link that knows what is in flight over it: what a drain waits for, and what tells an idle server from a busy one. */
export class TrackedLink implements Link {
  readonly #link: Link
  #inFlight = 0
  #idle = Promise.withResolvers<void>()
  #lastTrafficMs = performance.now()
  #lastCallMs = performance.now()

  constructor(link: Link) {
    this.#link = link
  }

  get info(): LinkInfo {
    return this.#link.info
  }

  /** Monotonic milliseconds since anything was asked or answered; 0 while a request is in flight. */
  get idleMs(): number {
    return this.#inFlight > 0 ? 0 : performance.now() - this.#lastTrafficMs
  }

  /** As `idleMs`, but the questions by which we see whether it lives do not count. */
  get uncalledMs(): number {
    return this.#inFlight > 0 ? 0 : performance.now() - this.#lastCallMs
  }

  async request(method: string, params: JsonObject, options: RequestOptions): Promise<Answer> {
    this.#inFlight++
    try {
      return await this.#link.request(method, params, options)
    } finally {
      this.#inFlight--
      this.#lastTrafficMs = performance.now()
      if (!livenessMethods.has(method)) this.#lastCallMs = this.#lastTrafficMs
      if (this.#inFlight === 0) {
        this.#idle.resolve()
        this.#idle = Promise.withResolvers()
      }
    }
  }

  notify(method: string, params?: JsonObject): Promise<void> {
    return this.#link.notify(method, params)
  }

  /** Resolves once nothing is in flight. */
  async drained(): Promise<void> {
    if (this.#inFlight > 0) await this.#idle.promise
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#link[Symbol.asyncDispose]()
  }
}
