import { ownId } from './in-flight.ts'
import { isObject } from './json-object.ts'
import type { JsonObject } from './link.ts'
import { subscriptionKey } from './protocol.ts'
import { isRequestId } from './read-message.ts'

/** Who keeps one `subscriptions/listen` open. */
export interface Subscriber {
  /** A notification under its id came; false where it wants no more of them told. */
  heard?(method: string): boolean
  /** One came under the id of no subscription: it may have been meant for this one. */
  strayed?(): void
}

/** Ids of ended subscriptions that are still known, for what was on its way when they ended. */
const mostEnded = 1000

/** The subscriptions of one connection, by the ids of their requests: what the server tells carries one of them. */
export class Subscriptions {
  readonly #open = new Map<number, Subscriber>()
  readonly #ended = new Set<number>()

  open(id: number, subscriber: Subscriber): void {
    this.#open.set(id, subscriber)
  }

  end(id: number): void {
    if (!this.#open.delete(id)) return
    this.#ended.add(id)
    if (this.#ended.size > mostEnded) this.#ended.delete(this.#ended.values().next().value!)
  }

  has(id: number): boolean {
    return this.#open.has(id)
  }

  /**
   * Whether a notification is to be told: it is nobody's, or that of a subscription that wants it. `stray`: it names a
   * subscription that was never there, and nobody else minds.
   */
  judge(method: string, { _meta: meta }: JsonObject): 'told' | 'unwanted' | 'stray' {
    const tag = isObject(meta) ? meta[subscriptionKey] : undefined
    if (tag === undefined) return 'told'
    const id = isRequestId(tag) ? ownId(tag) : null
    const subscriber = id === null ? undefined : this.#open.get(id)
    if (subscriber !== undefined) return (subscriber.heard?.(method) ?? true) ? 'told' : 'unwanted'
    if (id !== null && this.#ended.has(id)) return 'unwanted'
    const heedful = [...this.#open.values()].filter(({ strayed }) => strayed !== undefined)
    for (const each of heedful) each.strayed?.()
    return heedful.length > 0 ? 'unwanted' : 'stray'
  }
}
