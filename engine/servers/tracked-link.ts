import type {
  Answer,
  ForwardOptions,
  JsonObject,
  Link,
  LinkClient,
  LinkInfo,
  RawAnswer,
  RequestOptions,
} from '../links/link.ts'
import { LinkToCome } from './link-to-come.ts'

/** What each era is asked to see whether it lives: any answer will do. */
export const livenessMethod = { legacy: 'ping', modern: 'server/discover' } as const
/** What we ask for ourselves, on nobody's behalf. */
const ownMethods: ReadonlySet<string> = new Set([
  ...Object.values(livenessMethod),
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
])

/** A link that knows what is in flight over it: what a drain waits for, and what tells an idle server from a busy one. */
export class TrackedLink implements Link {
  readonly #link: Link
  #linkOf: ((client: LinkClient) => Promise<Link> | null) | null = null
  #inFlight = 0
  #idle: PromiseWithResolvers<void> | null = null
  #lastTrafficMs = performance.now()
  #lastCallMs = performance.now()

  constructor(link: Link) {
    this.#link = link
  }

  get renewals(): number {
    return this.#link.renewals
  }

  get info(): LinkInfo {
    return this.#link.info
  }

  get hasInFlight(): boolean {
    return this.#inFlight > 0
  }

  /** Monotonic milliseconds since anything was asked or answered; 0 while a request is in flight. */
  get idleMs(): number {
    return this.#inFlight > 0 ? 0 : performance.now() - this.#lastTrafficMs
  }

  /** As `idleMs`, but what we ask for ourselves does not count. */
  get uncalledMs(): number {
    return this.#inFlight > 0 ? 0 : performance.now() - this.#lastCallMs
  }

  async request(method: string, params: JsonObject, options: RequestOptions): Promise<Answer> {
    this.#inFlight++
    try {
      return await this.#link.request(method, params, options)
    } finally {
      this.#ended(!ownMethods.has(method))
    }
  }

  async forward(method: string, paramsText: string, options: ForwardOptions): Promise<RawAnswer> {
    // Open for as long as somebody listens: nobody waits for its end.
    if (method === 'subscriptions/listen') return this.#link.forward(method, paramsText, options)
    this.#inFlight++
    try {
      const own = this.#linkOf !== null && options.client !== undefined ? this.#linkOf(options.client) : null
      return await (own === null ? this.#link : new LinkToCome(own)).forward(method, paramsText, options)
    } finally {
      this.#ended(true)
    }
  }

  /** Calls of a client go over the link that this gives; where it gives none, over this one. */
  divide(linkOf: (client: LinkClient) => Promise<Link> | null): void {
    this.#linkOf = linkOf
  }

  notify(method: string, params?: JsonObject): Promise<void> {
    return this.#link.notify(method, params)
  }

  /** Resolves once nothing is in flight. */
  async drained(): Promise<void> {
    if (this.#inFlight === 0) return
    this.#idle ??= Promise.withResolvers()
    await this.#idle.promise
  }

  #ended(isCall: boolean): void {
    this.#inFlight--
    this.#lastTrafficMs = performance.now()
    if (isCall) this.#lastCallMs = this.#lastTrafficMs
    if (this.#inFlight > 0) return
    this.#idle?.resolve()
    this.#idle = null
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#link[Symbol.asyncDispose]()
  }
}
