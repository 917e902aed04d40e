import type { ServerId } from '../../../shared/ids.ts'
import type { RawAnswer } from '../../links/link.ts'
import type { CallTracing } from '../../metrics/trace-context.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import { errorOf, type GatewayCall, type Reply } from '../call.ts'
import { carrying, endSpan, handedOnSpan } from '../call-trace.ts'
import { errorCodes } from '../error-codes.ts'
import { progressTo, refusalOf } from '../tool-methods.ts'
import type { ServerBridge } from './create-bridge.ts'
import { reach } from './reach.ts'

export interface PassOnParts {
  readonly supervisor: Supervisor
  readonly bridge: Pick<ServerBridge, 'run'>
  /** Null: requests are part of no trace. */
  readonly tracing: CallTracing | null
}

/** Hands a request that is no task on to its server, with whatever the server asks before it answers. */
export function passOn(
  { supervisor, bridge, tracing }: PassOnParts,
  call: GatewayCall,
  server: ServerId,
  paramsText: string,
): Promise<Reply> {
  return bridge.run(call, server, async (bridged) => {
    const { signal } = bridged.call
    const reached = await reach(supervisor, server, signal)
    if (reached.kind === 'unreachable') return refusalOf(reached.failure)
    const { link, limits } = reached
    const { method, trace } = call
    const span = tracing && trace && handedOnSpan(tracing, trace, { method, server, paramsText })
    const text = span === null ? paramsText : carrying(paramsText, span.context)
    const options = { ...limits, signal, ...progressTo(bridged.call) }
    const answer = await bridged.forward(link, method, text, options)
    endSpan(span, answer)
    return replyOf(answer, server)
  })
}

/** What a client is told of a server's answer; where there is none, why. */
export function replyOf(answer: RawAnswer, server: ServerId): Reply {
  switch (answer.kind) {
    case 'result':
      return { kind: 'result', text: answer.text }
    case 'error':
      return { kind: 'error', text: answer.text }
    case 'timed_out':
      return errorOf(errorCodes.internal, `${server} gave no answer in ${Math.round(answer.limitMs / 1000)} s`)
    case 'cancelled':
      return errorOf(errorCodes.internal, 'The request was cancelled')
    case 'invalid':
    case 'closed':
      return refusalOf(answer.failure)
    default:
      return answer satisfies never
  }
}
