import type { TaskId } from '../../shared/ids.ts'
import { isObject } from '../links/json-object.ts'
import { edited, memberText } from '../links/json-text.ts'
import { type CallTracing, readTrace, type TaskTrace, type TraceContext, traceMeta } from '../metrics/trace-context.ts'
import type { GatewayCall } from './call.ts'

type AskedCall = Pick<GatewayCall, 'params' | 'headers' | 'id' | 'client' | 'session'>

/** A call on its way through the gateway as a part of its client's trace, and its server's work as a part of ours. */
export class TracedCall {
  readonly #tracing: CallTracing
  readonly #call: AskedCall
  #trace: TaskTrace | null = null

  constructor(tracing: CallTracing, call: AskedCall) {
    this.#tracing = tracing
    this.#call = call
  }

  begin(task: TaskId): void {
    const { id, client, session } = this.#call
    const { protocolVersion } = client
    const askedBy = { requestId: String(id), protocolVersion, session: session?.id ?? null }
    this.#trace = this.#tracing.begin(task, this.#parent(), null, askedBy)
  }

  /** The params for the server, with our call as the parent of its spans. */
  carried(paramsText: string): string {
    if (this.#trace === null) return paramsText
    const { inner } = this.#trace
    const meta = memberText(paramsText, '_meta') ?? '{}'
    const members = Object.entries(traceMeta(inner)).map(([key, value]) => [key, JSON.stringify(value)])
    const traced = edited(meta.startsWith('{') ? meta : '{}', Object.fromEntries(members))
    return edited(paramsText, { _meta: traced })
  }

  /** What the message says goes before what its transport says. */
  #parent(): TraceContext | null {
    const { params, headers } = this.#call
    const { _meta: meta } = params
    return (isObject(meta) ? readTrace(meta) : null) ?? readTrace(headers)
  }
}
