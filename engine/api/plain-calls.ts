import type { Gateway } from '../gateway/create-gateway.ts'
import { type GuardPolicy, judge, type Verdict } from './guard.ts'
import type { ServePlain } from './plain-connections.ts'
import type { PlainHead } from './plain-request.ts'

/** Lets plain calls in, by the same guard as all else. What it does not let in is refused by whoever gets it next. */
export class PlainCalls implements Disposable {
  readonly #gateway: Gateway
  readonly #policy: GuardPolicy
  readonly #grants: Disposable
  /** By the heads that came: a connection sends the same one again and again. Good until somebody's grants change. */
  #judged = new WeakMap<PlainHead, Verdict>()

  constructor(gateway: Gateway, policy: GuardPolicy) {
    this.#gateway = gateway
    this.#policy = policy
    this.#grants = gateway.book.onGrantsChanged(() => {
      this.#judged = new WeakMap()
    })
  }

  readonly serve: ServePlain = (head) => {
    const verdict = this.#verdictOn(head)
    if (verdict.kind === 'refused' || verdict.caller === null) return null
    const resolved = this.#gateway.resolve(verdict.path, verdict.caller)
    if (resolved.kind !== 'scope') return null
    return (body, reply) => this.#gateway.endpoint.take(body, head, reply, resolved.caller, resolved.scope)
  };

  [Symbol.dispose](): void {
    this.#grants[Symbol.dispose]()
  }

  #verdictOn(head: PlainHead): Verdict {
    const known = this.#judged.get(head)
    if (known !== undefined) return known
    const verdict = judge({ method: 'POST', target: head.url, rawHeaders: head.rawHeaders }, this.#policy)
    this.#judged.set(head, verdict)
    return verdict
  }
}
