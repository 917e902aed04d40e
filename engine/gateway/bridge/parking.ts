import { createHash } from 'node:crypto'
import { z } from 'zod'
import { errorOf, type GatewayCall, type Reply } from '../call.ts'
import type { BridgedCall } from './bridged-call.ts'
import { type RoundEnd, RoundsCall } from './rounds-call.ts'
import { StateSeal } from './state-seal.ts'

const INVALID_PARAMS = -32602

export interface ParkingLimits {
  /** Calls that wait for their client at once; one more ends the oldest. */
  readonly most: number
  /** Milliseconds that a client may take for one round. */
  readonly roundMs: number
}

export const parkingLimits: ParkingLimits = { most: 256, roundMs: 600_000 }

const stateSchema = z.object({
  id: z.uuid(),
  round: z.int(),
  /** Whose call it is, and which: another's, or another request, does not go on with it. */
  binding: z.string(),
})

interface Parked {
  readonly bridged: RoundsCall
  readonly round: number
  readonly timer: NodeJS.Timeout
}

/** Calls to legacy servers that wait for their modern client to answer a question and come back. */
export class Parking implements Disposable {
  readonly #limits: ParkingLimits
  readonly #seal = new StateSeal()
  readonly #parked = new Map<string, Parked>()

  constructor(limits: ParkingLimits = parkingLimits) {
    this.#limits = limits
  }

  /** How many calls wait for their client. */
  get size(): number {
    return this.#parked.size
  }

  isOurs(call: GatewayCall): boolean {
    return this.#seal.isOurs(call.params.requestState)
  }

  async begin(call: GatewayCall, work: (bridged: BridgedCall) => Promise<Reply>): Promise<Reply> {
    const bridged = new RoundsCall(call)
    return this.#replyTo(call, await bridged.begin(work), { bridged, id: crypto.randomUUID(), round: 1 })
  }

  /** The next round of a call; its state must be the newest that we gave out for just this request of this caller. */
  async resume(call: GatewayCall): Promise<Reply> {
    const state = stateSchema.safeParse(this.#seal.open(String(call.params.requestState)))
    const parked = state.success ? this.#parked.get(state.data.id) : undefined
    if (!state.success || parked?.round !== state.data.round || state.data.binding !== bindingOf(call)) {
      return errorOf(INVALID_PARAMS, 'Unknown or expired requestState: call again without it', {
        data: { reason: 'invalid_request_state' },
      })
    }
    const { id } = state.data
    clearTimeout(parked.timer)
    this.#parked.delete(id)
    const { bridged, round } = parked
    return this.#replyTo(call, await bridged.resume(call), { bridged, id, round: round + 1 })
  }

  [Symbol.dispose](): void {
    for (const id of [...this.#parked.keys()]) this.#giveUp(id)
  }

  #replyTo(
    call: GatewayCall,
    end: RoundEnd,
    { bridged, id, round }: { bridged: RoundsCall; id: string; round: number },
  ): Reply {
    if (end.kind === 'done') return end.reply
    const [oldest] = this.#parked.keys()
    if (this.#parked.size >= this.#limits.most && oldest !== undefined) this.#giveUp(oldest)
    const timer = setTimeout(() => this.#giveUp(id), this.#limits.roundMs).unref()
    this.#parked.set(id, { bridged, round, timer })
    const requestState = JSON.stringify(this.#seal.seal({ id, round, binding: bindingOf(call) }))
    const text = `{"resultType":"input_required","inputRequests":${end.inputRequests},"requestState":${requestState}}`
    return { kind: 'result', text }
  }

  #giveUp(id: string): void {
    const parked = this.#parked.get(id)
    if (parked === undefined) return
    clearTimeout(parked.timer)
    this.#parked.delete(id)
    parked.bridged.abandon()
  }
}

/** What a state is bound to: the caller, the path, the method and its parameters. */
function bindingOf({ caller, scope, method, params }: GatewayCall): string {
  const { inputResponses: _, requestState: __, _meta: ___, ...own } = params
  const where = scope.kind === 'server' ? scope.server : ''
  const text = JSON.stringify([caller.client ?? caller.origin, where, method, own])
  return createHash('sha256').update(text).digest('base64url')
}
