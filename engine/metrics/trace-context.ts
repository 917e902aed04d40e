import type { TaskId } from '../../shared/ids.ts'

/** A place in a trace, as `traceparent` names it. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 of them. */
  readonly spanId: string
  readonly isSampled: boolean
  /** What systems on the way have noted, handed on as it is. */
  readonly traceState?: string | undefined
}

/** The spans of one task, which follow from its id: they can be named before the call leaves and made when it has ended. */
export interface TaskTrace {
  readonly parent: TraceContext | null
  /** From the request to its outcome. */
  readonly outer: TraceContext
  /** Our call to the server: what its own spans have as their parent. */
  readonly inner: TraceContext
}

const traceParent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/

/** Null where the text is no `traceparent` of W3C Trace Context: then it counts as none. */
export function readTraceParent(text: unknown, traceState?: unknown): TraceContext | null {
  if (typeof text !== 'string' || text.startsWith('ff')) return null
  const [, traceId, spanId, flags] = traceParent.exec(text) ?? []
  if (traceId === undefined || isZero(traceId) || spanId === undefined || isZero(spanId)) return null
  const isSampled = (Number.parseInt(flags!, 16) & 1) === 1
  return { traceId, spanId, isSampled, ...(typeof traceState === 'string' && { traceState }) }
}

export function traceParentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
}

/** `parent`: of the client that asked; a task that another one made is part of that one. */
export function taskTrace(id: TaskId, parent: TraceContext | null, parentTask: TaskId | null = null): TaskTrace {
  const above = parent ?? (parentTask === null ? null : taskTrace(parentTask, null).outer)
  const traceId = above?.traceId ?? hexOf(id)
  const isSampled = above?.isSampled ?? true
  const traceState = above?.traceState
  const own = hexOf(id).slice(16)
  // Random but for two bits, and the first digit is never 0.
  const outer = { traceId, spanId: own, isSampled, traceState }
  return { parent: above, outer, inner: { ...outer, spanId: flipped(own) } }
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
