import { SpanKind } from '@opentelemetry/api'
import type { Server } from '../../shared/server.ts'
import type { TaskSummary } from '../../shared/task.ts'
import { isOfGateway } from './gateway-origin.ts'
import { spanNames as names } from './span-names.ts'
import type { AskedBy, SpanAttributes, TaskTrace, TraceContext } from './trace-context.ts'

/** What there is to say of a span, whoever sends it. */
export interface EndedSpan {
  readonly name: string
  readonly kind: SpanKind
  readonly context: TraceContext
  readonly parent: TraceContext | null
  /** Milliseconds since 1970. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: SpanAttributes
  /** Null: it went well, or was cancelled. */
  readonly error: string | null
}

/** Where a server is reached; address and port of remote ones. */
export interface ServerPlace {
  readonly transport: Server['transport']
  readonly protocolVersion: string | null
  readonly url: URL | null
}

const failures: ReadonlySet<string> = new Set(['failed', 'timed_out', 'interrupted'])

/**
 * The spans of a task that has ended: one for the whole of it, and within it our call to the server where one left.
 * Arguments and results are in none of them. `rpcCode`: of the error that the server answered with.
 */
export function taskSpans(
  task: TaskSummary,
  trace: TaskTrace,
  place: ServerPlace | null,
  askedBy: AskedBy | null,
  rpcCode: number | null,
): EndedSpan[] {
  const { task_id, agent, action, origin, status, created_at, started_at, duration_ms, error_code } = task
  if (!trace.outer.isSampled) return []
  const isCall = !agent.startsWith('rule:')
  const startMs = Date.parse(created_at)
  // By the monotonic clock: the other one may have been set meanwhile.
  const endMs = duration_ms === null ? Date.parse(task.finished_at ?? created_at) : startMs + duration_ms
  const error = failures.has(status) ? (error_code ?? status) : null
  const shared = {
    ...(isCall && { [names.method]: 'tools/call', [names.operation]: 'execute_tool', [names.tool]: action }),
    ...(error !== null && { [names.errorType]: rpcCode === null ? error : String(rpcCode) }),
    ...(rpcCode !== null && { [names.rpcCode]: String(rpcCode) }),
    [names.server]: agent,
    [names.task]: task_id,
  }
  const name = isCall ? `tools/call ${action}` : `${action} ${agent}`
  const outer: EndedSpan = {
    name,
    kind: isOfGateway(origin) ? SpanKind.SERVER : SpanKind.INTERNAL,
    context: trace.outer,
    parent: trace.parent,
    startMs,
    endMs,
    attributes: { ...shared, ...clientOf(askedBy), [names.origin]: origin, [names.status]: status },
    error,
  }
  if (started_at === null || !isCall) return [outer]
  const inner: EndedSpan = {
    name,
    kind: SpanKind.CLIENT,
    context: trace.inner,
    parent: trace.outer,
    startMs: Math.min(endMs, Math.max(startMs, Date.parse(started_at))),
    endMs,
    attributes: { ...shared, ...transportOf(place) },
    error,
  }
  return [outer, inner]
}

/** What a client's request says of itself; each side of the gateway has a session and a revision of its own. */
function clientOf(askedBy: AskedBy | null): SpanAttributes {
  if (askedBy === null) return {}
  const { requestId, protocolVersion, session } = askedBy
  return {
    [names.request]: requestId,
    [names.protocol]: protocolVersion,
    ...(session !== null && { [names.session]: session }),
    [names.transport]: 'tcp',
    [names.protocolName]: 'http',
  }
}

/** How a server is talked to. */
export function transportOf(place: ServerPlace | null): SpanAttributes {
  if (place === null) return {}
  const protocol: SpanAttributes = place.protocolVersion === null ? {} : { [names.protocol]: place.protocolVersion }
  if (place.transport === 'stdio') return { ...protocol, [names.transport]: 'pipe' }
  const { url } = place
  return {
    ...protocol,
    [names.transport]: 'tcp',
    [names.protocolName]: 'http',
    ...(url !== null && {
      [names.serverAddress]: url.hostname,
      [names.serverPort]: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
    }),
  }
}
