import { randomBytes } from 'node:crypto'
import type { SpanKind } from '@opentelemetry/api'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import type { TaskSummary } from '../../shared/task.ts'

/** A place in a trace, as `traceparent` names it. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 of them. */
  readonly spanId: string
  readonly isSampled: boolean
  /** What systems on the way have noted, and what whoever asked says to all of them: handed on as they are. */
  readonly traceState?: string | undefined
  readonly baggage?: string | undefined
}

/** How a client of the gateway asked for a call. */
export interface AskedBy {
  readonly requestId: string
  readonly protocolVersion: string
  /** Null in the modern era. */
  readonly session: string | null
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** A piece of work that begins now and is on no record. */
export interface NewSpan {
  readonly name: string
  readonly kind: SpanKind
  /** Null: a trace begins here. */
  readonly parent: TraceContext | null
  readonly attributes: SpanAttributes
  /** Whom it is handed to, where that is a server of ours. */
  readonly server?: ServerId
}

export interface RunningSpan {
  readonly context: TraceContext
  /** `error`: what kind of failure it was; null where there was none. */
  end(error: string | null, attributes?: SpanAttributes): void
}

/** Names the spans of calls, where somebody collects them. */
export interface CallTracing {
  readonly isOn: boolean
  /** `parentTask`: whose part it is where nobody outside asked. Null: nothing is traced. */
  begin(task: TaskId, parent: TraceContext | null, parentTask?: TaskId | null, askedBy?: AskedBy): TaskTrace | null
  /** The server of a call answered with an error of JSON-RPC. */
  refused(task: TaskId, code: number): void
  /** The span of a task as a whole, as long as its end is not long ago. Null: nothing is traced. */
  of(task: TaskPlace): TraceContext | null
  /** Null: nothing is traced. */
  span(begun: NewSpan): RunningSpan | null
}

/** What says which part of which trace a task is. */
export type TaskPlace = Pick<TaskSummary, 'task_id' | 'parent_id'>

/** The spans of one task, which follow from its id: they can be named before the call leaves and made when it has ended. */
export interface TaskTrace {
  readonly parent: TraceContext | null
  /** From the request to its outcome. */
  readonly outer: TraceContext
  /** Our call to the server: what its own spans have as their parent. */
  readonly inner: TraceContext
}

const traceParent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/

/** Null where the text is no `traceparent` of W3C Trace Context: then it counts as none, and so does what came with it. */
export function readTraceParent(text: unknown, traceState?: unknown, baggage?: unknown): TraceContext | null {
  if (typeof text !== 'string' || text.startsWith('ff')) return null
  const [, traceId, spanId, flags] = traceParent.exec(text) ?? []
  if (traceId === undefined || isZero(traceId) || spanId === undefined || isZero(spanId)) return null
  const isSampled = (Number.parseInt(flags!, 16) & 1) === 1
  return {
    traceId,
    spanId,
    isSampled,
    ...(typeof traceState === 'string' && { traceState }),
    ...(typeof baggage === 'string' && { baggage }),
  }
}

/** What a message or the headers of a request say of their place. */
export function readTrace({
  traceparent,
  tracestate,
  baggage,
}: Readonly<Record<string, unknown>>): TraceContext | null {
  return readTraceParent(traceparent, tracestate, baggage)
}

/** The members of `_meta` that name a place to a server, and the headers that name it to others. */
export function traceFields(context: TraceContext): { traceparent: string; tracestate?: string; baggage?: string } {
  const { traceState, baggage } = context
  return {
    traceparent: traceParentOf(context),
    ...(traceState !== undefined && { tracestate: traceState }),
    ...(baggage !== undefined && { baggage }),
  }
}

function traceParentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}

/** A place of its own within another one, or in a trace that begins here. */
export function placeWithin(parent: TraceContext | null): TraceContext {
  const spanId = randomBytes(8).toString('hex')
  return parent === null ? { traceId: randomBytes(16).toString('hex'), spanId, isSampled: true } : { ...parent, spanId }
}

/** `parent`: of whoever asked, or of the task that it is a part of. */
export function taskTrace(id: TaskId, parent: TraceContext | null): TaskTrace {
  const traceId = parent?.traceId ?? hexOf(id)
  const isSampled = parent?.isSampled ?? true
  const { traceState, baggage } = parent ?? {}
  const own = hexOf(id).slice(16)
  // Random but for two bits, and the first digit is never 0.
  const outer = { traceId, spanId: own, isSampled, traceState, baggage }
  return { parent, outer, inner: { ...outer, spanId: flipped(own) } }
}

function hexOf(id: TaskId): string {
  return id.replaceAll('-', '')
}

/** Another id of the same task, that no other task has. */
function flipped(hex: string): string {
  return (BigInt(`0x${hex}`) ^ 0x40_00_00_00_00_00_00_00n).toString(16).padStart(16, '0')
}

function isZero(hex: string): boolean {
  return /^0+$/.test(hex)
}
