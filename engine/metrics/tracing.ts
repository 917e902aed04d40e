import { failureOf } from '../../shared/app-error.ts'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import type { TracesStatus } from '../../shared/metrics-contract.ts'
import type { Settings } from '../../shared/settings.ts'
import { isFinished, type TaskSummary } from '../../shared/task.ts'
import type { RemoteSpec } from '../config/server-spec.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { OtlpSender } from './otlp-sender.ts'
import { type ServerPlace, taskSpans } from './task-spans.ts'
import { type AskedBy, type CallTracing, type TaskTrace, type TraceContext, taskTrace } from './trace-context.ts'

type Wanted = Pick<Settings, 'traces_endpoint' | 'traces_headers'>

interface Parts {
  readonly version: string
  readonly supervisor: Pick<Supervisor, 'get' | 'spec'>
  /** With variables and secrets of the vault in place, which are masked from then on. */
  fill(remote: RemoteSpec): Promise<{ url: string; headers: Record<string, string> }>
}

/** Contexts of calls that have not ended; a program that has so many at once loses the parents of more. */
const mostOpen = 10_000

/**
 * Tells a collector of every task once it has ended, where its owner has named one. Without that nothing is made and
 * nothing goes anywhere.
 */
export class Tracing implements CallTracing, AsyncDisposable {
  readonly #parts: Parts
  readonly #parents = new Map<TaskId, TraceContext>()
  readonly #askedBy = new Map<TaskId, AskedBy>()
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

  /** Each task once more when it has ended. */
  note(tasks: readonly TaskSummary[]): void {
    if (this.#sender === null) return
    for (const task of tasks) {
      if (!isFinished(task.status)) continue
      const parent = this.#parents.get(task.task_id) ?? null
      const askedBy = this.#askedBy.get(task.task_id) ?? null
      this.#parents.delete(task.task_id)
      this.#askedBy.delete(task.task_id)
      const trace = taskTrace(task.task_id, parent ?? this.#above(task.parent_id))
      for (const span of taskSpans(task, trace, this.#placeOf(task.agent), askedBy)) this.#sender.send(span)
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

  /** A step is a part of its run. */
  #above(parentTask: TaskId | null): TraceContext | null {
    return parentTask === null ? null : taskTrace(parentTask, this.#parents.get(parentTask) ?? null).outer
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
    this.#parents.clear()
    this.#askedBy.clear()
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
