import type { Socket } from 'node:net'
import type { Gateway } from '../gateway/create-gateway.ts'
import type { ClientConnections } from './client-connections.ts'
import { type GuardPolicy, judge, type Verdict } from './guard.ts'
import type { ServePlain } from './plain-connections.ts'
import type { PlainHead } from './plain-request.ts'

/** Lets plain calls in, by the same guard as all else. What it does not let in is refused by whoever gets it next. */
export class PlainCalls implements Disposable {
  readonly #gateway: Gateway
  readonly #policy: GuardPolicy
  readonly #connections: ClientConnections
  readonly #grants: Disposable
  /** By the heads that came: a connection sends the same one again and again. Good until somebody's grants change. */
  #judged = new WeakMap<PlainHead, Verdict>()

  constructor(gateway: Gateway, policy: GuardPolicy, connections: ClientConnections) {
    this.#connections = connections
    this.#gateway = gateway
    this.#policy = policy
    this.#grants = gateway.book.onGrantsChanged(() => {
      this.#judged = new WeakMap()
    })
  }

  readonly serve: ServePlain = (head, socket) => {
    const verdict = this.#verdictOn(head, socket)
    if (verdict === null || verdict.kind === 'refused' || verdict.caller === null) return null
    const resolved = this.#gateway.resolve(verdict.path, verdict.caller)
    if (resolved.kind !== 'scope') return null
    return (body, reply) => this.#gateway.endpoint.take(body, head, reply, resolved.caller, resolved.scope)
  };

  [Symbol.dispose](): void {
    this.#grants[Symbol.dispose]()
  }

  /** Null where the client has too many connections, which is told by whoever gets this one next. */
  #verdictOn(head: PlainHead, socket: Socket): Verdict | null {
    const known = this.#judged.get(head)
    if (known !== undefined) return known
    const verdict = judge({ method: 'POST', target: head.url, rawHeaders: head.rawHeaders }, this.#policy)
    if (verdict.kind === 'admitted' && verdict.caller !== null && !this.#connections.admit(socket, verdict.caller)) {
      return null
    }
    this.#judged.set(head, verdict)
    return verdict
  }
}
