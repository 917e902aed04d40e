import { AppError, failureOf } from '../../shared/app-error.ts'
import type { ServerId, TaskId } from '../../shared/ids.ts'
import { isoNow } from '../../shared/iso-now.ts'
import type { Tool } from '../../shared/server.ts'
import { isFinished, type NewTask, type Task, type TaskEvent, type TaskSummary } from '../../shared/task.ts'
import type { CallGate, Pass } from '../limits/call-gate.ts'
import type { Tried } from '../limits/gated-call.ts'
import type { Answer, JsonObject, Link, RawAnswer } from '../links/link.ts'
import { type CallTracing, traceFields } from '../metrics/trace-context.ts'
import { refuseMasked } from '../secrets/masked-fields.ts'
import type { Masker } from '../secrets/masker.ts'
import { admitted } from '../servers/admitted.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { CallRecorder, TaskRepo } from '../store/store.ts'
import { CallSender, type Limits } from './call-sender.ts'
import { type Forwarded, type ForwardedCall, forwarded, outcomeOfRound } from './forwarded-call.ts'
import { LiveTask } from './live-task.ts'
import { LiveTasks } from './live-tasks.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { isOwn, type OwnTasks } from './own-tasks.ts'
import { type OpenWork, type OwnWork, openWork } from './own-work.ts'
import { checked, heldTool, shuttingDown, unknownServer, unknownTask, unknownTool } from './refusals.ts'
import { newSummary, type Provenance, summaryOf } from './task-summary.ts'

interface Parts {
  tasks: TaskRepo
  calls: CallRecorder
  supervisor: Supervisor
  gate: Pick<CallGate, 'passOf'>
  masker: Masker
  tracing: CallTracing
  onChange(task: TaskSummary, isNew: boolean): void
}

/** How long changes of a followed task are gathered. */
const batchMs = 50

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Turns requests into recorded tool calls. A task is on record before it is acknowledged and before its call leaves, and
 * its outcome is on record before anyone is told of it.
 */
export class TaskRunner implements AsyncDisposable {
  readonly #tasks: TaskRepo
  readonly #supervisor: Supervisor
  readonly #masker: Masker
  readonly #gate: Pick<CallGate, 'passOf'>
  readonly #calls: CallRecorder
  readonly #live: LiveTasks
  readonly #sender: CallSender
  readonly #tracing: CallTracing
  #isClosing = false

  constructor({ tasks, calls, supervisor, gate, masker, tracing, onChange }: Parts) {
    this.#tracing = tracing
    this.#gate = gate
    this.#calls = calls
    this.#masker = masker
    this.#tasks = tasks
    this.#supervisor = supervisor
    this.#live = new LiveTasks({ tasks, onChange })
    this.#sender = new CallSender(this.#live, tracing)
  }

  /**
   * Records a call and lets it go; resolves once it is on record.
   * @throws AppError `unknown_server`, `unknown_tool` (404): then there is no task. `masked_fields` (409) where a parameter is what stands
   * for a secret that was not kept. `shutting_down` (503).
   */
  async create(request: NewTask, provenance: Provenance): Promise<TaskSummary> {
    return (await this.start(request, provenance)).task
  }

  /** As `create`, for who wants what it came to as its server gave it. `ended` never rejects. */
  async start(request: NewTask, provenance: Provenance): Promise<{ task: TaskSummary; ended: Promise<Outcome> }> {
    if (this.#isClosing) {
      throw shuttingDown()
    }
    refuseMasked(request.parameters)
    const spec = this.#supervisor.spec(request.agent)
    if (spec === null) throw unknownServer(request.agent, this.#supervisor.list())
    this.#demandTool(request.agent, request.action)

    const pass = this.#gate.passOf({ ...request, origin: provenance.origin })
    const timeoutMs = Math.min(request.timeout_ms ?? Infinity, pass?.timeoutMs ?? spec.settings.timeoutMs)
    const live = new LiveTask(newSummary(request, provenance), this.#masker)
    const first = live.note('status', { status: 'queued' })
    const { task_id, agent, action, origin, parent_id, rerun_of, created_at } = live.summary
    const row = { task_id, agent, action, origin, parent_id, rerun_of, created_at }
    await this.#live.begin(live, { ...row, timeout_ms: timeoutMs, parameters: request.parameters }, first)
    // What a named limit asks for is allowed in all, even where the server's own total is lower.
    const maxTotalMs = pass?.totalMs ?? Math.max(spec.settings.maxTotalTimeoutMs, timeoutMs)
    const traced = this.#tracing.begin(task_id, provenance.trace ?? null, parent_id)
    const meta = traced && { _meta: traceFields(traced.inner) }
    const ended = this.#run(live, request, { timeoutMs, maxTotalMs }, pass, meta)
    return { task: live.summary, ended }
  }

  /**
   * Records a piece of work that is no call: a rule's run, or what it does by itself. It is queued, and its end is up to
   * who asked; cancelling it fires its signal.
   * @throws AppError `shutting_down` (503).
   */
  async open(work: OwnWork, provenance: Provenance): Promise<OpenWork> {
    if (this.#isClosing) throw shuttingDown()
    const live = new LiveTask(newSummary(work, provenance), this.#masker)
    return openWork(this.#live, live, work)
  }

  /**
   * Records a client's call, hands it on and resolves with the answer once that is on record. The arguments are not held against the
   * tool's schema: that is its server's own, and a client gets the server's own words.
   * @throws AppError where it cannot be recorded: then nothing was sent.
   */
  forward(call: ForwardedCall): Promise<Forwarded> {
    if (this.#isClosing) throw shuttingDown()
    const spec = this.#supervisor.spec(call.agent)
    if (spec === null) throw unknownServer(call.agent, this.#supervisor.list())
    const pass = this.#gate.passOf(call)
    const limits = {
      timeoutMs: pass?.timeoutMs ?? spec.settings.timeoutMs,
      maxTotalMs: pass?.totalMs ?? spec.settings.maxTotalTimeoutMs,
    }
    const admission = this.#supervisor.admit(call.agent)
    const isHeld = this.#supervisor.heldTools(call.agent).includes(call.action)
    const begun = admission.kind === 'open' && !isHeld && (pass === null || pass.run === null) ? admission : null
    const live = new LiveTask(newSummary(call, call, begun && { run_id: begun.runId }), this.#masker)
    call.onCancel(() => live.cancel())
    call.onTask?.(live.id)
    if (begun === null) return this.#forwardLater(live, call, limits, pass)
    return this.#forwardNow(live, begun.link, begun.runId, call, limits)
  }

  /** What can leave at once is on record in one write before it leaves, and in one before its answer is handed on. */
  async #forwardNow(
    live: LiveTask,
    link: Link,
    runId: TaskSummary['run_id'],
    call: ForwardedCall,
    limits: Limits,
  ): Promise<Forwarded> {
    const { task_id, agent, origin, created_at } = live.summary
    const row = { task_id, agent, action: call.action, origin, parent_id: null, rerun_of: null, created_at }
    live.noteStatus('running', created_at, 0)
    const sent = { started_at: created_at, run_id: runId }
    // Known from here on: who ends the program meanwhile waits for it.
    this.#live.add(live)
    try {
      const full = { ...row, timeout_ms: limits.timeoutMs }
      const written = this.#calls.begin(full, call.argumentsText, sent, this.#live.isAlone())
      if (written !== undefined) await written
    } catch (error) {
      this.#live.drop(live)
      throw error
    }
    this.#live.announce(live, true)
    this.#supervisor.noteCall(agent, created_at)
    let answer: RawAnswer
    try {
      answer = await this.#sender.handOn(live, link, call, limits)
      this.#sender.noteRefusal(live, answer)
    } catch (error) {
      // As in `#run`: a defect of ours must still close the task.
      answer = { kind: 'closed', failure: failureOf(error) }
    }
    const outcome = outcomeOfRound(answer, agent)
    const finished_at = isoNow()
    const duration_ms = live.ageMs
    const patch = { status: outcome.status, finished_at, duration_ms, ...(outcome.error && { error: outcome.error }) }
    const resultText = answer.kind === 'result' && outcome.result !== undefined ? answer.text : null
    const ended = live.noteStatus(outcome.status, finished_at, duration_ms)
    let error_code = outcome.error?.code ?? null
    try {
      const done = this.#calls.end(task_id, patch, resultText, ended, this.#live.isAlone())
      if (done !== undefined) await done
    } catch (error) {
      // The store has failed, which its banner tells: the client gets its answer all the same.
      error_code = failureOf(error).code
    }
    this.#live.ended(live, { status: outcome.status, finished_at, duration_ms, error_code })
    return forwarded(answer, outcome, task_id)
  }

  /** What has to wait, or is not to leave, takes the way of every other task. */
  async #forwardLater(live: LiveTask, call: ForwardedCall, limits: Limits, pass: Pass | null): Promise<Forwarded> {
    const { agent, action, parameters } = call
    const { task_id, origin, created_at } = live.summary
    const queued = live.note('status', { status: 'queued' })
    const row = { task_id, agent, action, origin, parent_id: null, rerun_of: null, created_at }
    await this.#live.begin(live, { ...row, timeout_ms: limits.timeoutMs, parameters }, queued)
    let answer: RawAnswer | null = null
    let outcome: Outcome
    try {
      const send = () =>
        this.#try(live, { agent, action, parameters }, limits, (link) => this.#sender.handOn(live, link, call, limits))
      const tried = pass?.run
        ? await pass.run(this.#live.gated(live, call.argumentsText, call.onProgress), send)
        : await send()
      answer = tried.answer ?? null
      if (answer !== null) this.#sender.noteRefusal(live, answer)
      outcome = tried.outcome ?? outcomeOfRound(tried.answer, agent)
    } catch (error) {
      // As in `#run`: a defect of ours must still close the task.
      outcome = { status: 'failed', error: failureOf(error) }
    }
    await this.#live.finish(live, outcome)
    return forwarded(answer, outcome, task_id)
  }

  /**
   * The same call once more, as a new task.
   * @throws AppError `masked_fields` (409) where a secret of its parameters was not kept.
   */
  async rerun(id: TaskId, provenance: Provenance): Promise<TaskSummary> {
    const { agent, action, parameters, timeout_ms } = await this.get(id)
    return this.create({ agent, action, parameters, timeout_ms }, { ...provenance, rerun_of: id })
  }

  /**
   * `only`: of all others it is as if they were not there.
   * @throws AppError `unknown_task` (404).
   */
  async get(id: TaskId, only?: OwnTasks): Promise<Task> {
    const task = await this.#tasks.get(id)
    if (task === null || (only !== undefined && !isOwn(task, only))) throw unknownTask(id)
    return task
  }

  /**
   * Asks a running task to end; it becomes `cancelled` once that is on record.
   * @throws AppError `unknown_task` (404), `task_finished` (409).
   */
  async cancel(id: TaskId, by: string): Promise<TaskSummary> {
    const live = this.#live.get(id)
    if (live !== undefined && !live.isFinished) {
      const event = live.note('cancel_requested', { by })
      live.cancel()
      await this.#tasks.addEvents([event])
      await live.finished
      return live.summary
    }
    const { status } = await this.get(id)
    throw new AppError('task_finished', `Task ${id} has ended already: it is ${status}.`, {
      status: 409,
      hint: 'Only tasks that are queued, running or waiting for input can be cancelled.',
    })
  }

  /** The time line after an entry, then each change as it comes; ends with the task or with the signal. */
  async *follow(
    id: TaskId,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ events: TaskEvent[]; task: TaskSummary }, void> {
    const found = this.#live.get(id) ?? (await this.#liveOrStored(id))
    if ('parameters' in found) {
      yield { events: await this.#tasks.events(id, after), task: summaryOf(found) }
      return
    }
    const live = found
    signal.addEventListener('abort', () => live.rouse(), { once: true })
    let seen = after
    let shown: TaskSummary | null = null
    while (!signal.aborted) {
      const changed = live.changed
      if (shown !== live.summary || live.events.length > seen) {
        const events = live.events.slice(seen)
        seen = Math.max(seen, live.events.length)
        shown = live.summary
        yield { events, task: shown }
        if (!live.isFinished) await delay(batchMs)
      } else if (live.isFinished) {
        return
      } else if (this.#live.get(id) !== live) {
        // It could not be recorded.
        throw unknownTask(id)
      } else {
        await changed
      }
    }
  }

  /** One that is not finished is live; it may begin or end while the store is asked. */
  async #liveOrStored(id: TaskId): Promise<LiveTask | Task> {
    const stored = await this.get(id)
    return isFinished(stored.status) ? stored : (this.#live.get(id) ?? this.get(id))
  }

  /** Cancels what runs and waits until every outcome is on record. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    const open = this.#live.all
    for (const live of open) live.cancel()
    await Promise.all(open.map((live) => live.finished))
  }

  /** `meta`: told to its server beside the arguments. */
  async #run(
    live: LiveTask,
    request: NewTask,
    limits: Limits,
    pass: Pass | null,
    meta: JsonObject | null,
  ): Promise<Outcome> {
    const { agent, action, parameters } = request
    const params = { name: action, arguments: parameters, ...meta } as JsonObject
    let outcome: Outcome
    try {
      const send = () =>
        this.#try(live, request, limits, (link) => this.#sender.call(live, link, params, limits), checked)
      const tried = pass?.run ? await pass.run(this.#live.gated(live, JSON.stringify(parameters)), send) : await send()
      outcome = tried.outcome ?? outcomeOf(tried.answer, agent)
    } catch (error) {
      // Nothing expected is thrown in there; a defect of ours must still close the task.
      outcome = { status: 'failed', error: failureOf(error) }
    }
    await this.#live.finish(live, outcome)
    return outcome
  }

  #demandTool(agent: ServerId, action: string): void {
    const listing = this.#supervisor.listing(agent)
    if (listing === null || listing.tools.some(({ name }) => name === action)) return
    throw unknownTool(agent, action, listing.tools)
  }

  /** Sends the call once its server takes it and nothing speaks against it. */
  async #try<A extends Answer | RawAnswer>(
    live: LiveTask,
    call: Pick<NewTask, 'agent' | 'action' | 'parameters'>,
    { timeoutMs }: Limits,
    send: (link: Link) => Promise<A>,
    check: (call: Pick<NewTask, 'action' | 'parameters'>, tool: Tool | undefined) => Outcome | null = () => null,
  ): Promise<Tried<A>> {
    const { agent, action } = call
    const admission = await admitted(this.#supervisor, agent, timeoutMs, live.signal)
    if (live.isCancelled) return { outcome: outcomeOf({ kind: 'cancelled' }, agent) }
    if ('failure' in admission) return { outcome: { status: 'failed', error: admission.failure } }
    if (this.#supervisor.heldTools(agent).includes(action)) return { outcome: heldTool(agent, action) }
    const tool = this.#supervisor.listing(agent)?.tools.find(({ name }) => name === action)
    const refusal = check(call, tool)
    if (refusal !== null) return { outcome: refusal }
    await this.#live.markSent(live, admission.runId)
    this.#supervisor.noteCall(agent, live.summary.started_at ?? live.summary.created_at)
    return { answer: await send(admission.link) }
  }
}
