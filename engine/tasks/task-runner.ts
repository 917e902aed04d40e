import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import { type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { Tool } from '../../shared/server.ts'
import type { NewTask, Task, TaskEvent, TaskSummary } from '../../shared/task.ts'
import type { CallGate, Pass } from '../limits/call-gate.ts'
import type { GatedCall, Tried } from '../limits/gated-call.ts'
import type { Answer, ForwardOptions, JsonObject, Link, RawAnswer } from '../links/link.ts'
import { refuseMasked } from '../secrets/masked-fields.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { CallRecorder, TaskRepo } from '../store/store.ts'
import { argumentViolations } from './check-arguments.ts'
import { LiveTask } from './live-task.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { isOwn, type OwnTasks } from './own-tasks.ts'
import { ProgressThrottle } from './progress-throttle.ts'

interface Parts {
  tasks: TaskRepo
  calls: CallRecorder
  supervisor: Supervisor
  gate: Pick<CallGate, 'passOf'>
  masker: Masker
  onChange(task: TaskSummary, isNew: boolean): void
}

/** Who asks for a task, and what it descends from. */
interface Provenance {
  origin: string
  /** Where whoever asks has one ready. */
  task_id?: TaskId
  parent_id?: TaskId
  rerun_of?: TaskId
}

/** Work of ours that is no call of a tool. */
interface OwnWork {
  readonly agent: ServerId
  readonly action: string
  readonly parameters: Record<string, unknown>
  readonly timeoutMs: number
}

/** A task that its owner ends. */
export interface OpenWork {
  /** Its id, its time line, its signal, and how it waits for a person. */
  readonly call: GatedCall
  /** It is begun. */
  run(): Promise<void>
  /** Once, and then nothing more. */
  finish(outcome: Outcome): Promise<void>
}

interface Call {
  link: Link
  action: string
  parameters: Record<string, unknown>
  timeoutMs: number
  maxTotalMs: number
}

/** A call of a client, to be handed on as it is written. */
export interface ForwardedCall {
  readonly agent: ServerId
  /** As the server calls it. */
  readonly action: string
  readonly origin: string
  /** JSON of the arguments, and what it means. */
  readonly argumentsText: string
  readonly parameters: Record<string, unknown>
  /** Told at most once that the client wants no answer any more. */
  onCancel(listener: () => void): void
  readonly onProgress?: ForwardOptions['onProgress']
  /** Hands it to its server, in as many rounds as that wants; tells the watch what the client is asked meanwhile. */
  send(link: Link, options: ForwardOptions, watch: () => QuestionWatch): Promise<RawAnswer>
}

/** Told while a call waits for what its server asked. */
export interface QuestionWatch {
  asked(method: string, params: JsonObject): void
  /** `answer`: what the server is told, a result or an error. */
  answered(method: string, params: JsonObject, answer: unknown): void
}

type Limits = Pick<ForwardOptions, 'timeoutMs' | 'maxTotalMs'>

/** What became of a forwarded call, by the same rules as the record of it. */
export type Forwarded =
  | { kind: 'answered'; answer: Extract<RawAnswer, { kind: 'result' | 'error' }> }
  | { kind: 'unanswered'; failure: Failure; taskId: TaskId }

/** Milliseconds that a call waits for a server that is starting. */
const longestWaitMs = 10_000
/** How long changes of a followed task are gathered. */
const batchMs = 50

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
  readonly #onChange: (task: TaskSummary, isNew: boolean) => void
  readonly #live = new Map<TaskId, LiveTask>()
  #isClosing = false

  constructor({ tasks, calls, supervisor, gate, masker, onChange }: Parts) {
    this.#gate = gate
    this.#calls = calls
    this.#masker = masker
    this.#tasks = tasks
    this.#supervisor = supervisor
    this.#onChange = onChange
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
    if (spec === null) throw this.#unknownServer(request.agent)
    this.#knownTool(request.agent, request.action)

    const pass = this.#gate.passOf({ ...request, origin: provenance.origin })
    const timeoutMs = Math.min(request.timeout_ms ?? Infinity, pass?.timeoutMs ?? spec.settings.timeoutMs)
    const live = new LiveTask(newSummary(request, provenance), this.#masker)
    const first = live.note('status', { status: 'queued' })
    const { task_id, agent, action, origin, parent_id, rerun_of, created_at } = live.summary
    const row = { task_id, agent, action, origin, parent_id, rerun_of, created_at }
    await this.#tasks.insert({ ...row, timeout_ms: timeoutMs, parameters: request.parameters }, [first])
    this.#live.set(task_id, live)
    this.#announce(live, true)
    // What a named limit asks for is allowed in all, even where the server's own total is lower.
    const maxTotalMs = pass?.totalMs ?? Math.max(spec.settings.maxTotalTimeoutMs, timeoutMs)
    const ended = this.#run(live, request, { timeoutMs, maxTotalMs }, pass)
    return { task: live.summary, ended }
  }

  /**
   * Records a piece of work that is no call: a rule's run, or what it does by itself. It is queued, and its end is up to
   * who asked; cancelling it fires its signal.
   * @throws AppError `shutting_down` (503).
   */
  async open(
    { agent, action, parameters, timeoutMs }: OwnWork,
    provenance: Provenance,
    id?: TaskId,
  ): Promise<OpenWork> {
    if (this.#isClosing) throw shuttingDown()
    const fresh = newSummary({ agent, action }, provenance)
    const live = new LiveTask(id === undefined ? fresh : { ...fresh, task_id: id }, this.#masker)
    const { task_id, origin, parent_id, created_at } = live.summary
    const row = {
      task_id,
      agent,
      action,
      origin,
      parent_id,
      rerun_of: null,
      created_at,
      timeout_ms: timeoutMs,
      parameters,
    }
    await this.#tasks.insert(row, [live.note('status', { status: 'queued' })])
    this.#live.set(task_id, live)
    this.#announce(live, true)
    return {
      call: this.#gated(live, JSON.stringify(parameters)),
      run: async () => {
        const started_at = new Date().toISOString()
        live.patch({ status: 'running', started_at })
        await this.#tasks.update(task_id, { status: 'running', started_at }, [
          live.note('status', { status: 'running' }),
        ])
        this.#announce(live)
      },
      finish: (outcome) => this.#finish(live, outcome),
    }
  }

  /**
   * Records a client's call, hands it on and resolves with the answer once that is on record. The arguments are not held against the
   * tool's schema: that is its server's own, and a client gets the server's own words.
   * @throws AppError where it cannot be recorded: then nothing was sent.
   */
  async forward(call: ForwardedCall): Promise<Forwarded> {
    if (this.#isClosing) throw shuttingDown()
    const spec = this.#supervisor.spec(call.agent)
    if (spec === null) throw this.#unknownServer(call.agent)
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
    return begun === null
      ? this.#forwardLater(live, call, limits, pass)
      : this.#forwardNow(live, begun.link, begun.runId, call, limits)
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
    const begun = live.noteStatus('running', created_at, 0)
    const sent = { started_at: created_at, run_id: runId }
    // Known from here on: who ends the program meanwhile waits for it.
    this.#live.set(task_id, live)
    try {
      const full = { ...row, timeout_ms: limits.timeoutMs }
      const written = this.#calls.begin(full, call.argumentsText, sent, [begun], this.#live.size === 1)
      if (written !== undefined) await written
    } catch (error) {
      this.#live.delete(task_id)
      live.end()
      throw error
    }
    this.#announce(live, true)
    this.#supervisor.noteCall(agent, created_at)
    let answer: RawAnswer
    try {
      answer = await this.#handOn(live, link, call, limits)
    } catch (error) {
      // As in `#run`: a defect of ours must still close the task.
      answer = { kind: 'closed', failure: failureOf(error) }
    }
    const outcome = outcomeOfRound(answer, agent)
    const finished_at = new Date().toISOString()
    const duration_ms = live.ageMs
    const patch = { status: outcome.status, finished_at, duration_ms, ...(outcome.error && { error: outcome.error }) }
    const resultText = answer.kind === 'result' && outcome.result !== undefined ? answer.text : null
    const ended = live.noteStatus(outcome.status, finished_at, duration_ms)
    let error_code = outcome.error?.code ?? null
    try {
      const done = this.#calls.end(task_id, patch, resultText, [ended], this.#live.size === 1)
      if (done !== undefined) await done
    } catch (error) {
      // The store has failed, which its banner tells: the client gets its answer all the same.
      error_code = failureOf(error).code
    }
    this.#ended(live, { status: outcome.status, finished_at, duration_ms, error_code })
    return forwarded(answer, outcome, task_id)
  }

  /** What has to wait, or is not to leave, takes the way of every other task. */
  async #forwardLater(live: LiveTask, call: ForwardedCall, limits: Limits, pass: Pass | null): Promise<Forwarded> {
    const { agent, action, parameters } = call
    const { task_id, origin, created_at } = live.summary
    const queued = live.note('status', { status: 'queued' })
    const row = { task_id, agent, action, origin, parent_id: null, rerun_of: null, created_at }
    await this.#tasks.insert({ ...row, timeout_ms: limits.timeoutMs, parameters }, [queued])
    this.#live.set(task_id, live)
    this.#announce(live, true)
    let answer: RawAnswer | null = null
    let outcome: Outcome
    try {
      const send = () =>
        this.#try(live, { agent, action, parameters }, limits, (link) => this.#handOn(live, link, call, limits))
      const tried = pass?.run
        ? await pass.run(this.#gated(live, call.argumentsText, call.onProgress), send)
        : await send()
      answer = tried.answer ?? null
      outcome = tried.outcome ?? outcomeOfRound(tried.answer, agent)
    } catch (error) {
      // As in `#run`: a defect of ours must still close the task.
      outcome = { status: 'failed', error: failureOf(error) }
    }
    await this.#finish(live, outcome)
    return forwarded(answer, outcome, task_id)
  }

  /**
   * The same call once more, as a new task.
   * @throws AppError `masked_fields` (409) where a secret of its parameters was not kept.
   */
  async rerun(id: TaskId, origin: string): Promise<TaskSummary> {
    const { agent, action, parameters, timeout_ms } = await this.get(id)
    return this.create({ agent, action, parameters, timeout_ms }, { origin, rerun_of: id })
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
    const live = this.#live.get(id)
    if (live === undefined) {
      const task = await this.get(id)
      yield { events: await this.#tasks.events(id, after), task: summaryOf(task) }
      return
    }
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
      } else {
        await changed
      }
    }
  }

  /** Cancels what runs and waits until every outcome is on record. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    const open = [...this.#live.values()]
    for (const live of open) live.cancel()
    await Promise.all(open.map((live) => live.finished))
  }

  async #run(live: LiveTask, request: NewTask, limits: Limits, pass: Pass | null): Promise<Outcome> {
    const { agent, action, parameters } = request
    let outcome: Outcome
    try {
      const send = () =>
        this.#try(live, request, limits, (link) => this.#call(live, { link, action, parameters, ...limits }), checked)
      const tried = pass?.run ? await pass.run(this.#gated(live, JSON.stringify(parameters)), send) : await send()
      outcome = tried.outcome ?? outcomeOf(tried.answer, agent)
    } catch (error) {
      // Nothing expected is thrown in there; a defect of ours must still close the task.
      outcome = { status: 'failed', error: failureOf(error) }
    }
    await this.#finish(live, outcome)
    return outcome
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
    const admission = await this.#admitted(live, agent, Math.min(longestWaitMs, timeoutMs))
    if (live.isCancelled) return { outcome: outcomeOf({ kind: 'cancelled' }, agent) }
    if ('failure' in admission) return { outcome: { status: 'failed', error: admission.failure } }
    if (this.#supervisor.heldTools(agent).includes(action)) return { outcome: heldTool(agent, action) }
    const tool = this.#supervisor.listing(agent)?.tools.find(({ name }) => name === action)
    const refusal = check(call, tool)
    if (refusal !== null) return { outcome: refusal }
    await this.#markSent(live, admission.runId)
    this.#supervisor.noteCall(agent, live.summary.started_at ?? live.summary.created_at)
    return { answer: await send(admission.link) }
  }

  /** The task as limits and approvals see it; `onProgress` reaches the client that waits for it. */
  #gated(live: LiveTask, argumentsText: string, onProgress?: ForwardedCall['onProgress']): GatedCall {
    let pings = 0
    return {
      id: live.id,
      get isCancelled() {
        return live.isCancelled
      },
      get signal() {
        return live.signal
      },
      argumentsText,
      note: (kind, data) => this.#append(live, live.note(kind, data)),
      setStatus: async (status) => {
        live.patch({ status })
        const event = live.note('status', { status })
        await this.#tasks.update(live.id, { status }, [event])
        this.#announce(live)
      },
      ping: (message) => {
        // It must rise, and stay below whatever the server will say of its own progress.
        const progress = ++pings / 1_000_000
        onProgress?.(JSON.stringify({ progressToken: 0, progress, message }), { progress, total: null, message })
      },
    }
  }

  /** The link of the server, after a bounded wait while it starts. */
  async #admitted(
    live: LiveTask,
    agent: ServerId,
    waitMs: number,
  ): Promise<{ link: Link; runId: TaskSummary['run_id'] } | { failure: Failure }> {
    let admission = this.#supervisor.admit(agent)
    if (admission.kind === 'wait') {
      await this.#supervisor.settled(agent, waitMs, live.signal)
      admission = this.#supervisor.admit(agent)
    }
    switch (admission.kind) {
      case 'open':
        return admission
      case 'wait':
        return {
          failure: {
            code: 'server_not_ready',
            message: `${agent} was still starting after ${Math.round(waitMs / 1000)} s.`,
            hint: 'Look at the steps of its start, then call again.',
          },
        }
      case 'closed': {
        const { code, message, hint } = admission
        return { failure: { code, message, hint } }
      }
      default:
        return admission satisfies never
    }
  }

  /** On record before the call leaves: after a death in between we say that it may have been sent, never that it was not. */
  async #markSent(live: LiveTask, runId: TaskSummary['run_id']): Promise<void> {
    const started_at = new Date().toISOString()
    live.patch({ status: 'running', started_at, run_id: runId })
    const event = live.note('status', { status: 'running' })
    await this.#tasks.update(live.id, { status: 'running', started_at, run_id: runId, sent: true }, [event])
    this.#announce(live)
  }

  async #call(live: LiveTask, { link, action, parameters, timeoutMs, maxTotalMs }: Call): Promise<Answer> {
    const params = { name: action, arguments: parameters } as JsonObject
    await using throttle = this.#throttle(live)
    const answer = await link.request('tools/call', params, {
      // Told from the calls of clients: what its server asks is the person's to answer.
      owner: live,
      signal: live.signal,
      timeoutMs,
      maxTotalMs,
      onSent: (requestId) => this.#append(live, live.note('sent', { request_id: requestId })),
      onProgress: (progress) => throttle.push(progress),
      onLateAnswer: (afterMs) => this.#append(live, live.note('late_answer', { after_ms: afterMs })),
    })
    return answer
  }

  async #handOn(live: LiveTask, link: Link, call: ForwardedCall, limits: Limits): Promise<RawAnswer> {
    const { onProgress } = call
    const options: ForwardOptions = {
      ...limits,
      onCancellable: (cancel) => live.onCancel(cancel),
      onLateAnswer: (afterMs) => this.#append(live, live.note('late_answer', { after_ms: afterMs })),
    }
    if (live.isCancelled) return { kind: 'cancelled' }
    if (onProgress === undefined) return call.send(link, options, () => this.#questionWatch(live))
    await using throttle = this.#throttle(live)
    // Awaited here: the throttle is let go only after the answer.
    const telling: ForwardOptions = {
      ...options,
      onProgress: (text, progress) => {
        throttle.push(progress)
        onProgress(text, progress)
      },
    }
    return await call.send(link, telling, () => this.#questionWatch(live))
  }

  #throttle(live: LiveTask): ProgressThrottle {
    return new ProgressThrottle((progress, skipped) => {
      const event = live.note('progress', { ...progress, skipped })
      live.setProgress(progress)
      this.#announce(live)
      return this.#tasks.update(live.id, { progress }, [event])
    })
  }

  /** A call that waits for its client shows it, and each question stands on its time line. */
  #questionWatch(live: LiveTask): QuestionWatch {
    let open = 0
    const note = (data: Record<string, unknown>): void => {
      const status = open > 0 ? 'input_required' : 'running'
      const events = [live.note('child_question', data)]
      if (status === live.summary.status) {
        this.#append(live, events[0]!)
        return
      }
      events.push(live.note('status', { status }))
      live.patch({ status })
      this.#announce(live)
      // A failure is told by the store's own banner, as for all that stands beside a call.
      this.#tasks.update(live.id, { status }, events).catch(() => {})
    }
    return {
      asked: (method, params) => {
        open++
        note({ method, params })
      },
      answered: (method, params, answer) => {
        open--
        note({ method, params, answer })
      },
    }
  }

  /** Adds to the stored time line beside the call; a failure to do so is told by the store's own banner. */
  #append(live: LiveTask, event: TaskEvent): void {
    live.rouse()
    this.#tasks.addEvents([event]).catch(() => {})
  }

  async #finish(live: LiveTask, outcome: Outcome): Promise<void> {
    const finished_at = new Date().toISOString()
    const duration_ms = live.ageMs
    const event = live.note('status', { status: outcome.status })
    try {
      await this.#tasks.update(live.id, { ...outcome, finished_at, duration_ms }, [event])
    } catch (error) {
      // The store has failed: the person is told the true end all the same, and that it is not on record.
      live.patch({ error_code: failureOf(error).code })
    }
    this.#ended(live, { status: outcome.status, finished_at, duration_ms, error_code: outcome.error?.code ?? null })
  }

  #ended(live: LiveTask, end: Pick<TaskSummary, 'status' | 'finished_at' | 'duration_ms' | 'error_code'>): void {
    live.patch(end)
    this.#live.delete(live.id)
    this.#announce(live)
    live.end()
  }

  #announce(live: LiveTask, isNew = false): void {
    this.#onChange(live.summary, isNew)
    live.rouse()
  }

  #knownTool(agent: ServerId, action: string): Tool | null {
    const listing = this.#supervisor.listing(agent)
    if (listing === null) return null
    const tool = listing.tools.find(({ name }) => name === action)
    if (tool !== undefined) return tool
    throw new AppError('unknown_tool', `${agent} has no tool "${action}".`, {
      status: 404,
      hint: `Its tools: ${listing.tools.map(({ name }) => name).join(', ') || 'none'}.`,
    })
  }

  #unknownServer(id: ServerId): AppError {
    const known = this.#supervisor.list().map((server) => server.id)
    return new AppError('unknown_server', `There is no server "${id}".`, {
      status: 404,
      hint: known.length === 0 ? 'Add one to mcp.json, or import one.' : `Known servers: ${known.join(', ')}.`,
    })
  }
}

/** As `outcomeOf`; a modern server that asks its client for more has ended this call, and gets another one. */
function outcomeOfRound(answer: RawAnswer, server: ServerId): Outcome {
  if (answer.kind === 'result' && answer.result.resultType === 'input_required') {
    return { status: 'completed', result: answer.result }
  }
  return outcomeOf(answer, server)
}

const noAnswer: Failure = { code: 'no_answer', message: 'The call ended without an answer.', hint: null }

function shuttingDown(): AppError {
  return new AppError('shutting_down', 'Signalbox is ending and takes no new calls.', { status: 503 })
}

function forwarded(answer: RawAnswer | null, outcome: Outcome, taskId: TaskId): Forwarded {
  if (answer?.kind === 'result' || answer?.kind === 'error') return { kind: 'answered', answer }
  return { kind: 'unanswered', failure: outcome.error ?? noAnswer, taskId }
}

/** `begun`: it leaves at once, in this run of its server. */
function newSummary(
  { agent, action }: Pick<NewTask, 'agent' | 'action'>,
  { origin, task_id, parent_id, rerun_of }: Provenance,
  begun: Pick<TaskSummary, 'run_id'> | null = null,
): TaskSummary {
  const created_at = new Date().toISOString()
  return {
    task_id: task_id ?? (uuidV7() as TaskId),
    status: begun === null ? 'queued' : 'running',
    agent,
    action,
    origin,
    parent_id: parent_id ?? null,
    rerun_of: rerun_of ?? null,
    run_id: begun?.run_id ?? null,
    created_at,
    started_at: begun === null ? null : created_at,
    finished_at: null,
    duration_ms: null,
    progress: null,
    error_code: null,
  }
}

function summaryOf({
  parameters: _,
  result: __,
  error: ___,
  timeout_ms: ____,
  sent: _____,
  ...summary
}: Task): TaskSummary {
  return summary
}

function heldTool(agent: string, action: string): Outcome {
  return {
    status: 'failed',
    error: {
      code: 'tool_changed',
      message: `${action} of ${agent} is not what you agreed to: it is new, or its definition changed.`,
      hint: `Nothing was sent. Look at the difference on the page of ${agent} and approve it.`,
    },
  }
}

/** What a call of ours is held against before it leaves; null where its arguments fit. */
function checked(
  { action, parameters }: Pick<NewTask, 'action' | 'parameters'>,
  tool: Tool | undefined,
): Outcome | null {
  const violations = tool === undefined ? [] : argumentViolations(tool, parameters)
  return violations.length > 0 ? refusedArguments(action, violations) : null
}

function refusedArguments(action: string, violations: { path: string; message: string }[]): Outcome {
  const [first] = violations
  const where = first?.path ? ` at \`${first.path}\`` : ''
  return {
    status: 'failed',
    error: {
      code: 'invalid_arguments',
      message: `The arguments do not fit the schema of ${action}${where}: ${first?.message ?? 'unknown'}`,
      hint: 'Nothing was sent. Correct the arguments and run it again.',
      details: violations,
    },
  }
}

function unknownTask(id: string): AppError {
  return new AppError('unknown_task', `There is no task ${id}.`, {
    status: 404,
    hint: 'List tasks with GET /api/v1/tasks, or with `signalbox tasks`.',
  })
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
