import type { TaskId } from '../../shared/ids.ts'
import type { CallTracing, TaskTrace } from '../metrics/trace-context.ts'
import type { GatewayCall } from './call.ts'
import { askedBy, carrying, parentOf } from './call-trace.ts'

/** A call on its way through the gateway as a part of its client's trace, and its server's work as a part of ours. */
export class TracedCall {
  readonly #tracing: CallTracing
  readonly #call: GatewayCall
  #trace: TaskTrace | null = null

  constructor(tracing: CallTracing, call: GatewayCall) {
    this.#tracing = tracing
    this.#call = call
  }

  begin(task: TaskId): void {
    this.#trace = this.#tracing.begin(task, parentOf(this.#call), null, askedBy(this.#call))
  }

  /** The params for the server, with our call as the parent of its spans. */
  carried(paramsText: string): string {
    return this.#trace === null ? paramsText : carrying(paramsText, this.#trace.inner)
  }
}
