import { failureOf } from '../../shared/app-error.ts'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import type { TracesStatus } from '../../shared/metrics-contract.ts'
import type { Settings } from '../../shared/settings.ts'
import { isFinished, type TaskSummary } from '../../shared/task.ts'
import type { RemoteSpec } from '../config/server-spec.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { OtlpSender } from './otlp-sender.ts'
import { spanNames } from './span-names.ts'
import { type EndedSpan, type ServerPlace, taskSpans, transportOf } from './task-spans.ts'
import {
  type AskedBy,
  type CallTracing,
  type NewSpan,
  placeWithin,
  type RunningSpan,
  type SpanAttributes,
  type TaskPlace,
  type TaskTrace,
  type TraceContext,
  taskTrace,
} from './trace-context.ts'

type Wanted = Pick<Settings, 'traces_endpoint' | 'traces_headers'>

interface Parts {
  readonly version: string
  readonly supervisor: Pick<Supervisor, 'get' | 'spec'>
  /** With variables and secrets of the vault in place, which are masked from then on. */
  fill(remote: RemoteSpec): Promise<{ url: string; headers: Record<string, string> }>
  readonly masker: Pick<Masker, 'text'>
}

/** Contexts of calls that have not ended; a program that has so many at once loses the parents of more. */
const mostOpen = 10_000
/** Ended calls whose parents are remembered: somebody may be told of their end as a part of the same trace. */
const mostEnded = 1_000

/**
 * Tells a collector of every task once it has ended, where its owner has named one. Without that nothing is made and
 * nothing goes anywhere.
 */
export class Tracing implements CallTracing, AsyncDisposable {
  readonly #parts: Parts
  readonly #parents = new Map<TaskId, TraceContext>()
  readonly #endedParents = new Map<TaskId, TraceContext>()
  readonly #askedBy = new Map<TaskId, AskedBy>()
  readonly #rpcCodes = new Map<TaskId, number>()
  #sender: OtlpSender | null = null
  #wanted: Wanted = { traces_endpoint: '', traces_headers: [] }
  #switching: Promise<void> = Promise.resolve()
  #sent = 0
  #lost = 0
  #failure: TracesStatus['last_failure'] = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get isOn(): boolean {
    return this.#sender !== null
  }

  get status(): TracesStatus {
    const is_on = this.#wanted.traces_endpoint !== ''
    return { is_on, sent: this.#sent, lost: this.#lost, last_failure: this.#failure }
  }

  /** In force once it resolves; what waited for the collector before is sent to that. Never rejects: its status tells. */
  configure({ traces_endpoint, traces_headers }: Wanted): Promise<void> {
    const before = this.#wanted
    this.#wanted = { traces_endpoint, traces_headers }
    if (before.traces_endpoint === traces_endpoint && before.traces_headers.join('\n') === traces_headers.join('\n')) {
      return this.#switching
    }
    this.#switching = this.#switching.then(() => this.#switch())
    return this.#switching
  }

  /** What a call's spans are called, as it begins; null where nothing is traced. */
  begin(
    task: TaskId,
    parent: TraceContext | null,
    parentTask: TaskId | null = null,
    askedBy?: AskedBy,
  ): TaskTrace | null {
    if (this.#sender === null) return null
    if (askedBy !== undefined && this.#askedBy.size < mostOpen) this.#askedBy.set(task, askedBy)
    if (parent !== null && this.#parents.size < mostOpen) this.#parents.set(task, parent)
    return taskTrace(task, parent ?? this.#above(parentTask))
  }

  refused(task: TaskId, code: number): void {
    if (this.#sender !== null && this.#rpcCodes.size < mostOpen) this.#rpcCodes.set(task, code)
  }

  of({ task_id, parent_id }: TaskPlace): TraceContext | null {
    return this.#sender === null ? null : this.#traceOf(task_id, parent_id).outer
  }

  span({ name, kind, parent, attributes, server }: NewSpan): RunningSpan | null {
    if (this.#sender === null) return null
    const context = placeWithin(parent)
    const startMs = Date.now()
    const began = performance.now()
    const where: SpanAttributes =
      server === undefined ? {} : { [spanNames.server]: server, ...transportOf(this.#placeOf(server)) }
    return {
      context,
      end: (error, more = {}) => {
        if (!context.isSampled) return
        const endMs = startMs + (performance.now() - began)
        const ending = error === null ? more : { ...more, [spanNames.errorType]: error }
        this.#send({
          name,
          kind,
          context,
          parent,
          startMs,
          endMs,
          attributes: { ...attributes, ...where, ...ending },
          error,
        })
      },
    }
  }

  /** Each task once more when it has ended. */
  note(tasks: readonly TaskSummary[]): void {
    if (this.#sender === null) return
    for (const task of tasks) {
      if (!isFinished(task.status)) continue
      const { task_id, parent_id, agent } = task
      const trace = this.#traceOf(task_id, parent_id)
      const askedBy = this.#askedBy.get(task_id) ?? null
      const rpcCode = this.#rpcCodes.get(task_id) ?? null
      this.#forget(task_id)
      for (const span of taskSpans(task, trace, this.#placeOf(agent), askedBy, rpcCode)) this.#send(span)
    }
  }

  /** Resolves when all that was noted is sent, or has failed. */
  async flush(): Promise<void> {
    await this.#switching
    await this.#sender?.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#switching
    await this.#sender?.[Symbol.asyncDispose]()
    this.#sender = null
  }

  #traceOf(task: TaskId, parentTask: TaskId | null): TaskTrace {
    return taskTrace(task, this.#parentOf(task) ?? this.#above(parentTask))
  }

  /** A step is a part of its run. */
  #above(parentTask: TaskId | null): TraceContext | null {
    return parentTask === null ? null : taskTrace(parentTask, this.#parentOf(parentTask)).outer
  }

  #parentOf(task: TaskId): TraceContext | null {
    return this.#parents.get(task) ?? this.#endedParents.get(task) ?? null
  }

  #forget(task: TaskId): void {
    const parent = this.#parents.get(task)
    if (parent !== undefined) this.#endedParents.set(task, parent)
    const [oldest] = this.#endedParents.keys()
    if (this.#endedParents.size > mostEnded) this.#endedParents.delete(oldest!)
    this.#parents.delete(task)
    this.#askedBy.delete(task)
    this.#rpcCodes.delete(task)
  }

  /** Its texts come from servers and clients, and leave the program. */
  #send({ attributes, ...span }: EndedSpan): void {
    const { masker } = this.#parts
    const masked = Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? masker.text(value) : value,
    ])
    this.#sender?.send({ ...span, name: masker.text(span.name), attributes: Object.fromEntries(masked) })
  }

  #placeOf(id: ServerId): ServerPlace | null {
    const { supervisor } = this.#parts
    const server = supervisor.get(id)
    if (server === null) return null
    const url = supervisor.spec(id)?.remote?.url
    const { transport, protocol_version: protocolVersion } = server
    return { transport, protocolVersion, url: url === undefined ? null : URL.parse(url) }
  }

  async #switch(): Promise<void> {
    const before = this.#sender
    this.#sender = null
    for (const kept of [this.#parents, this.#endedParents, this.#askedBy, this.#rpcCodes]) kept.clear()
    await before?.[Symbol.asyncDispose]()
    this.#failure = null
    if (this.#wanted.traces_endpoint === '') return
    try {
      const { url, headers } = await this.#filled(this.#wanted)
      // Loaded by those only who want it.
      const { OtlpSender } = await import('./otlp-sender.ts')
      const { version } = this.#parts
      this.#sender = new OtlpSender({ url, headers, version, onSent: (spans, failure) => this.#told(spans, failure) })
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Each is a line, as `Authorization: Bearer ${secret:COLLECTOR}`. */
  async #filled({ traces_endpoint: url, traces_headers }: Wanted) {
    const pairs = traces_headers.map((line): [string, string] => {
      const at = line.indexOf(':')
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    })
    return this.#parts.fill({ url, headers: Object.fromEntries(pairs) })
  }

  #told(spans: number, failure: Error | null): void {
    if (failure === null) {
      this.#sent += spans
      this.#failure = null
      return
    }
    this.#lost += spans
    this.#fail(failure)
  }

  #fail(error: unknown): void {
    this.#failure = { at: new Date().toISOString(), message: failureOf(error).message }
  }
}
