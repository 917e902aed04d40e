import { SpanKind } from '@opentelemetry/api'
import type { ServerId } from '../../shared/ids.ts'
import { isObject } from '../links/json-object.ts'
import { edited, memberText } from '../links/json-text.ts'
import type { RawAnswer } from '../links/link.ts'
import { spanNames } from '../metrics/span-names.ts'
import {
  type AskedBy,
  type CallTracing,
  type RunningSpan,
  readTrace,
  type SpanAttributes,
  type TraceContext,
  traceFields,
} from '../metrics/trace-context.ts'
import type { GatewayCall, Reply } from './call.ts'

type AskedCall = Pick<GatewayCall, 'method' | 'params' | 'paramsText' | 'headers' | 'id' | 'client' | 'session'>

/** The place that a client names as its own. What the message says goes before what its transport says. */
export function parentOf({ params, headers }: Pick<AskedCall, 'params' | 'headers'>): TraceContext | null {
  const { _meta: meta } = params
  return (isObject(meta) ? readTrace(meta) : null) ?? readTrace(headers)
}

export function askedBy({ id, client, session }: Pick<AskedCall, 'id' | 'client' | 'session'>): AskedBy {
  return { requestId: String(id), protocolVersion: client.protocolVersion, session: session?.id ?? null }
}

/** The params with a place in their `_meta`, which the server takes as the parent of its own spans. */
export function carrying(paramsText: string, context: TraceContext): string {
  const meta = memberText(paramsText, '_meta') ?? '{}'
  const members = Object.entries(traceFields(context)).map(([key, value]) => [key, JSON.stringify(value)])
  const traced = edited(meta.startsWith('{') ? meta : '{}', Object.fromEntries(members))
  return edited(paramsText, { _meta: traced })
}

/** A client's request that is no task, from its arrival to its answer. */
export function requestSpan(tracing: CallTracing, call: AskedCall): RunningSpan | null {
  const { name, attributes } = subjectOf(call.method, call.paramsText)
  const { requestId, protocolVersion, session } = askedBy(call)
  return tracing.span({
    name,
    kind: SpanKind.SERVER,
    parent: parentOf(call),
    attributes: {
      ...attributes,
      [spanNames.request]: requestId,
      [spanNames.protocol]: protocolVersion,
      ...(session !== null && { [spanNames.session]: session }),
      [spanNames.transport]: 'tcp',
      [spanNames.protocolName]: 'http',
    },
  })
}

/** The same request while a server is at work on it, under the server's own names. */
export function handedOnSpan(
  tracing: CallTracing,
  parent: TraceContext,
  { method, server, paramsText }: { method: string; server: ServerId; paramsText: string },
): RunningSpan | null {
  const { name, attributes } = subjectOf(method, paramsText)
  return tracing.span({ name, kind: SpanKind.CLIENT, parent, attributes, server })
}

/** Ends a span with what was answered, or why nothing was. */
export function endSpan(span: RunningSpan | null, answer: Reply | RawAnswer): void {
  switch (answer.kind) {
    case 'error': {
      const code = String((JSON.parse(answer.text) as { code: number }).code)
      span?.end(code, { [spanNames.rpcCode]: code })
      return
    }
    case 'invalid':
    case 'closed':
      span?.end(answer.failure.code)
      return
    case 'timed_out':
      span?.end(answer.kind)
      return
    case 'result':
    case 'cancelled':
      span?.end(null)
      return
    default:
      answer satisfies never
  }
}

/** What a request is about. An address is never in a name: there are too many. */
function subjectOf(method: string, paramsText: string): { name: string; attributes: SpanAttributes } {
  const attributes: SpanAttributes = { [spanNames.method]: method }
  const text = (key: string): string | null => {
    const value: unknown = JSON.parse(memberText(paramsText, key) ?? 'null')
    return typeof value === 'string' ? value : null
  }
  const prompt = method === 'prompts/get' ? text('name') : null
  if (prompt !== null) return { name: `${method} ${prompt}`, attributes: { ...attributes, [spanNames.prompt]: prompt } }
  const uri = method.startsWith('resources/') ? text('uri') : null
  return { name: method, attributes: uri === null ? attributes : { ...attributes, [spanNames.resource]: uri } }
}
