import type { ApprovalRule } from '../../shared/approvals.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { CallNames } from '../../shared/limits.ts'
import type { Tool } from '../../shared/server.ts'
import type { ApprovalDesk } from '../approvals/approval-desk.ts'
import type { Answer, Listing, RawAnswer } from '../links/link.ts'
import type { Masker } from '../secrets/masker.ts'
import { boundedCall } from './bounded-call.ts'
import type { GatedCall, Tried } from './gated-call.ts'
import type { KeptResults } from './kept-results.ts'
import type { Bounds, LimitsBook } from './limits-book.ts'
import { withoutOversize } from './oversize.ts'

interface Parts {
  readonly limits: LimitsBook
  readonly desk: ApprovalDesk
  readonly kept: KeptResults
  readonly masker: Masker
  listing(server: ServerId): Listing | null
}

interface CallOf extends CallNames {
  readonly agent: ServerId
}

/** What stands between calls of some names and their server. */
export interface Pass {
  readonly timeoutMs: number | null
  readonly totalMs: number | null
  /** Null where only the times are bounded. */
  readonly run: RunGated | null
}

type RunGated = <A extends Answer | RawAnswer>(call: GatedCall, send: () => Promise<Tried<A>>) => Promise<Tried<A>>

/** More names than this are a caller that makes them up. */
const mostNames = 10_000

/** Approvals and limits, before every call whoever made it. Where nothing is set it costs one look at a map. */
export class CallGate {
  readonly #parts: Parts
  readonly #passes = new Map<string, { listing: Listing | null; pass: Pass | null }>()

  constructor(parts: Parts) {
    this.#parts = parts
    const forget = (): void => this.#passes.clear()
    parts.limits.onChange = forget
    parts.desk.onRulesChange = forget
  }

  /** Null where nothing is in the way. */
  passOf(names: CallOf): Pass | null {
    const { limits, desk } = this.#parts
    if (limits.limits.length === 0 && desk.rules.length === 0) return null
    const listing = this.#parts.listing(names.agent)
    const key = `${names.origin}\n${names.agent}\n${names.action}`
    const known = this.#passes.get(key)
    // Lists are replaced, never changed: another one may say other things of its tools.
    if (known !== undefined && known.listing === listing) return known.pass
    if (this.#passes.size >= mostNames) this.#passes.clear()
    const pass = this.#newPass(
      names,
      listing?.tools.find(({ name }) => name === names.action),
    )
    this.#passes.set(key, { listing, pass })
    return pass
  }

  #newPass(names: CallOf, tool: Tool | undefined): Pass | null {
    const bounds = this.#parts.limits.boundsOf(names)
    const rule = this.#parts.desk.ruleFor(names, tool)
    if (bounds === null && rule === null) return null
    const isActive = rule !== null || (bounds !== null && isMoreThanTimes(bounds))
    return {
      timeoutMs: bounds?.timeoutMs ?? null,
      totalMs: bounds?.totalMs ?? null,
      run: isActive ? (call, send) => this.#run(call, { names, tool, bounds, rule }, send) : null,
    }
  }

  async #run<A extends Answer | RawAnswer>(
    call: GatedCall,
    {
      names,
      tool,
      bounds,
      rule,
    }: { names: CallOf; tool: Tool | undefined; bounds: Bounds | null; rule: ApprovalRule | null },
    send: () => Promise<Tried<A>>,
  ): Promise<Tried<A>> {
    const { limits, desk, kept, masker } = this.#parts
    if (rule !== null) {
      const refusal = await desk.hold(call, { names, tool, rule })
      if (refusal !== null) return refusal
    }
    if (bounds === null) return send()
    const circuit = bounds.circuit === null ? null : limits.circuit(names.agent, bounds.circuit)
    const tried = await boundedCall(call, { server: names.agent, tool, bounds, circuit }, send)
    if (bounds.result === null) return tried
    return withoutOversize(call, tried, { bound: bounds.result, tool, kept, masker })
  }
}

function isMoreThanTimes({ bulkheads, buckets, retries, circuit, result }: Bounds): boolean {
  return bulkheads.length > 0 || buckets.length > 0 || retries !== null || circuit !== null || result !== null
}
