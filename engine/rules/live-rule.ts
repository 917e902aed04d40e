import { type Failure, failureOf } from '../../shared/app-error.ts'
import type { DomainEvent } from '../../shared/domain-event.ts'
import { type ServerId, type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { RuleRun, StepOutcome } from '../../shared/rule.ts'
import { Bulkhead } from '../limits/bulkhead.ts'
import { TokenBucket } from '../limits/token-bucket.ts'
import type { RuleRepo } from '../store/store.ts'
import type { OpenWork } from '../tasks/own-work.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import type { ExpressionProblem } from './expression.ts'
import { isTriggeredBy } from './match-event.ts'
import type { ReadyRule } from './rule-book.ts'
import { mostDepth, type RunLineage } from './run-lineage.ts'
import { type DoStep, type RunEnd, runSteps } from './run-steps.ts'
import { originOf } from './steps/step-result.ts'
import { storedEvent } from './stored-event.ts'

export interface LiveRuleParts {
  readonly repo: Pick<RuleRepo, 'insertRun' | 'updateRun'>
  readonly tasks: Pick<TaskRunner, 'open' | 'get'>
  readonly lineage: RunLineage
  readonly doStep: DoStep
  /** Told of each change of how it fares. */
  onChange(): void
  /** Told of a run that ended, and of one that was refused. */
  onEnded(run: RuleRun): void
}

/** What a rule made of an event. */
export type Verdict =
  | { readonly kind: 'not_its_event' }
  | { readonly kind: 'unmet'; readonly condition: number; readonly problem: ExpressionProblem | null }
  | { readonly kind: 'met_before' }
  | { readonly kind: 'suspended'; readonly failure: Failure }
  | { readonly kind: 'refused'; readonly run: RuleRun }
  | { readonly kind: 'accepted'; readonly run: RuleRun; readonly ended: Promise<RuleRun> }

/** Refusals of one kind are put on record once in so long: a flood of events must not be one of rows. */
const refusalPauseMs = 60_000

/** A rule that acts: judges events, keeps to its limits, runs. */
export class LiveRule implements AsyncDisposable {
  readonly ready: ReadyRule
  readonly #parts: LiveRuleParts
  readonly #bulkhead: Bulkhead
  readonly #bucket: TokenBucket
  readonly #end = new AbortController()
  readonly #open = new Set<Promise<RuleRun>>()
  readonly #lastRefusals = new Map<string, number>()
  #suspended: Failure | null = null
  #running = 0
  #unmet = 0

  constructor(ready: ReadyRule, parts: LiveRuleParts) {
    this.ready = ready
    this.#parts = parts
    const { concurrency, queue, rate } = ready.rule.limits
    this.#bulkhead = new Bulkhead({ max: concurrency, queue })
    this.#bucket = new TokenBucket({ calls: rate.runs, per_s: rate.per_s }, performance.now())
  }

  get state() {
    const running = this.#running
    return { problem: this.#suspended, running, waiting: this.#open.size - running, unmet: this.#unmet }
  }

  /** Resolves once the event is on record as a run, or is turned away. */
  async take(event: DomainEvent): Promise<Verdict> {
    const { rule, compiled } = this.ready
    if (!isTriggeredBy(rule, event)) return { kind: 'not_its_event' }
    if (this.#suspended !== null) return { kind: 'suspended', failure: this.#suspended }
    const known = compiled.wantsResult ? await this.#withResult(event) : event
    const unmet = this.#unmetCondition(known)
    if (unmet !== null) {
      this.#unmet++
      this.#parts.onChange()
      return { kind: 'unmet', ...unmet }
    }
    const depth = this.#parts.lineage.depthOf(event)
    const refusal = this.#refusal(depth)
    const run = this.#newRun(event, depth)
    if (refusal !== null) return this.#refuse(run, event, refusal)
    const isNew = await this.#parts.repo.insertRun({ ...run, event: storedEvent(event) })
    if (!isNew) {
      this.#bucket.giveBack()
      return { kind: 'met_before' }
    }
    this.#parts.lineage.begin(run.id, depth)
    // From here on whoever is told of the run can follow its task.
    const [task] = await Promise.allSettled([this.#openTask(run, known)])
    const ended = this.#run(run, known, task)
    this.#open.add(ended)
    void ended.finally(() => this.#open.delete(ended)).then(() => this.#parts.onChange())
    this.#parts.onChange()
    return { kind: 'accepted', run, ended }
  }

  /** Resolves once nothing of it runs or waits any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#open)
  }

  /** Ends its runs and waits until that is on record. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await this.settled()
  }

  #newRun({ id, name, sample }: DomainEvent, depth: number): RuleRun {
    const { rule } = this.ready
    return {
      id: uuidV7() as TaskId,
      rule: rule.id,
      rule_name: rule.name,
      event_id: id,
      event_name: name,
      is_sample: sample === true,
      depth,
      status: 'queued',
      failure: null,
      created_at: new Date().toISOString(),
      finished_at: null,
      steps: [],
    }
  }

  /** The first condition that does not hold; null when all do. */
  #unmetCondition(event: DomainEvent): { condition: number; problem: ExpressionProblem | null } | null {
    const { rule, compiled } = this.ready
    const scope = { event, steps: {}, rule: { id: rule.id, name: rule.name }, run: { id: '' }, failure: null }
    for (const [condition, expression] of compiled.conditions.entries()) {
      const verdict = expression.evaluate(scope)
      if (!verdict.ok) {
        if (verdict.problem.code === 'expression_too_slow') this.#suspend(condition, verdict.problem)
        return { condition, problem: verdict.problem }
      }
      if (verdict.value !== true) return { condition, problem: null }
    }
    return null
  }

  /** It holds up everything else each time. */
  #suspend(condition: number, { code, message }: ExpressionProblem): void {
    this.#suspended = {
      code,
      message: `Condition ${condition + 1} is too slow, so the rule waits: ${message}`,
      hint: 'Make it simpler; saving the rule lets it act again.',
    }
  }

  /** Null when its limits let it run; then a token is taken. */
  #refusal(depth: number): Failure | null {
    const { name, limits } = this.ready.rule
    if (depth >= mostDepth) {
      return {
        code: 'loop_stopped',
        message: `${mostDepth} runs of rules led to this one, so ${name} did not run again.`,
        hint: 'Give it a condition that its own work does not meet.',
      }
    }
    if (this.#open.size >= limits.concurrency + limits.queue) {
      const message = `${limits.concurrency} of its runs are under way and ${limits.queue} wait.`
      return { code: 'too_many_runs', message, hint: 'Raise its concurrency or its queue.' }
    }
    const now = performance.now()
    if (this.#bucket.waitMs(now) > 0) {
      const { runs, per_s } = limits.rate
      return { code: 'rate_limited', message: `More than ${runs} runs in ${per_s} s.`, hint: 'Raise its rate.' }
    }
    this.#bucket.take(now)
    return null
  }

  async #refuse(run: RuleRun, event: DomainEvent, failure: Failure): Promise<Verdict> {
    const refused: RuleRun = { ...run, status: 'refused', failure, finished_at: run.created_at }
    const last = this.#lastRefusals.get(failure.code) ?? -Infinity
    const now = performance.now()
    if (now - last >= refusalPauseMs) {
      this.#lastRefusals.set(failure.code, now)
      await this.#parts.repo.insertRun({ ...refused, event: storedEvent(event) })
      this.#parts.onEnded(refused)
    }
    return { kind: 'refused', run: refused }
  }

  /** A call's result is looked up only for rules that ask for it; it is the stored one, secrets masked. */
  async #withResult(event: DomainEvent): Promise<DomainEvent> {
    if (event.name !== 'agent.task.completed' && event.name !== 'agent.error') return event
    if (event.sample) return event
    const { result, error } = await this.#parts.tasks.get(event.payload.task_id)
    const failure = error && { code: error.code, message: error.message, hint: error.hint }
    return { ...event, payload: { ...event.payload, result, ...(failure && { error: failure }) } }
  }

  /** Never rejects: what goes wrong is how it ended. */
  async #run(run: RuleRun, event: DomainEvent, opened: PromiseSettledResult<OpenWork>): Promise<RuleRun> {
    const steps: StepOutcome[] = []
    let end: RunEnd
    try {
      if (opened.status === 'rejected') throw opened.reason
      end = await this.#work(run, event, opened.value, steps)
    } catch (error) {
      end = { status: 'failed', failure: failureOf(error) }
    }
    const isEnded = end.status === 'cancelled' && this.#end.signal.aborted
    const failure = isEnded ? ended : end.failure
    const status = isEnded ? 'interrupted' : end.status
    const finished_at = new Date().toISOString()
    const finished: RuleRun = { ...run, status, failure, steps, finished_at }
    // What cannot be written is told by the store's own banner; the next start calls the run interrupted.
    await this.#parts.repo.updateRun(run.id, { status, failure, steps, finished_at }).catch(() => {})
    // Whoever sees its task ended finds the run ended, too.
    if (opened.status === 'fulfilled')
      await opened.value.finish({ status: end.status, result: { steps }, ...(failure && { error: failure }) })
    this.#parts.onEnded(finished)
    return finished
  }

  #openTask({ id }: RuleRun, event: DomainEvent): Promise<OpenWork> {
    const { name, limits } = this.ready.rule
    const origin = originOf(name)
    const timeoutMs = limits.timeout_s * 1000
    const work = { agent: origin as ServerId, action: 'run', parameters: { event: storedEvent(event) }, timeoutMs }
    return this.#parts.tasks.open(work, { origin, task_id: id })
  }

  /** Waits for its turn, then does the steps. */
  async #work(run: RuleRun, event: DomainEvent, task: OpenWork, steps: StepOutcome[]): Promise<RunEnd> {
    const { rule, compiled } = this.ready
    const cancelled = AbortSignal.any([task.call.signal, this.#end.signal])
    const admission = await this.#bulkhead.enter(cancelled)
    if (admission !== 'entered') return { status: 'cancelled', failure: cancelledRun }
    this.#running++
    this.#parts.onChange()
    try {
      await task.run()
      await this.#parts.repo.updateRun(run.id, { status: 'running' })
      return await runSteps({
        compiled,
        rule,
        parent: run.id,
        scope: { event, rule: { id: rule.id, name: rule.name }, run: { id: run.id } },
        signal: AbortSignal.any([cancelled, AbortSignal.timeout(rule.limits.timeout_s * 1000)]),
        doStep: this.#parts.doStep,
        onStep: async (outcome) => {
          steps.push(outcome)
          task.call.note('step', { ...outcome })
          // On record as they end, for a run that is cut short; a failure is told by the store's own banner.
          await this.#parts.repo.updateRun(run.id, { steps: [...steps] }).catch(() => {})
        },
      })
    } finally {
      this.#running--
      this.#bulkhead.leave()
    }
  }
}

const ended: Failure = {
  code: 'rule_ended',
  message: 'The rule was changed or switched off, or Signalbox ended, before the run did.',
  hint: 'Look at its steps for what was done, then fire it again if need be.',
}

const cancelledRun: Failure = { code: 'cancelled', message: 'The run was cancelled.', hint: null }
