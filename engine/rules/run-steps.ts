import type { Failure } from '../../shared/app-error.ts'
import type { TaskId } from '../../shared/ids.ts'
import type { StepOutcome } from '../../shared/rule.ts'
import type { CompiledRule, CompiledStep } from './compile-rule.ts'
import type { Scope } from './expression.ts'
import { endedStep, failedExpression, failedStep, type StepContext, type StepResult } from './steps/step-result.ts'

/** Does the work of one step, whatever its kind. Never rejects. */
export type DoStep = (step: CompiledStep, context: StepContext) => Promise<StepResult>

interface StepsOf {
  readonly compiled: Pick<CompiledRule, 'steps' | 'onFailure'>
  readonly rule: StepContext['rule']
  readonly parent: TaskId
  readonly scope: Omit<Scope, 'steps' | 'failure'>
  /** Fires when the run is cancelled or its time is over. */
  readonly signal: AbortSignal
  readonly doStep: DoStep
  /** Told of each step as it ends or is skipped; the next one waits for it. */
  onStep(outcome: StepOutcome): Promise<void>
}

/** How a run ended. */
export interface RunEnd {
  readonly status: 'completed' | 'failed' | 'cancelled' | 'timed_out'
  readonly failure: Failure | null
}

/** The steps of a rule in their order; after one that failed and stops the rule, those for failures. */
export async function runSteps(run: StepsOf): Promise<RunEnd> {
  const seen: Record<string, unknown> = {}
  const stopped = await runEach(run.compiled.steps, run, seen, null)
  if (stopped === null) return { status: 'completed', failure: null }
  if (run.signal.aborted) return { status: stopped.status, failure: stopped.failure }
  const cause = { step: stopped.name, status: stopped.status, ...stopped.failure }
  await runEach(run.compiled.onFailure, run, seen, cause)
  if (run.signal.aborted) {
    const { status, failure } = endedStep(run.signal, null)
    return { status, failure }
  }
  return { status: 'failed', failure: stopped.failure }
}

interface Stopped {
  readonly name: string
  readonly status: StepResult['status']
  readonly failure: Failure | null
}

/** The step that stopped the others; null when all were come to. */
async function runEach(
  steps: readonly CompiledStep[],
  run: StepsOf,
  seen: Record<string, unknown>,
  cause: unknown,
): Promise<Stopped | null> {
  for (const compiled of steps) {
    const { name, kind, on_failure } = compiled.step
    const scope: Scope = { ...run.scope, steps: seen, failure: cause }
    const result = await runOne(compiled, run, scope)
    if (result === 'skipped') {
      seen[name] = { status: 'skipped' }
      await run.onStep({ name, kind, status: 'skipped', task_id: null, failure: null })
      continue
    }
    const { status, task_id, failure } = result
    seen[name] = { ...result.seen, status, failure }
    await run.onStep({ name, kind, status, task_id, failure })
    if (run.signal.aborted || (status !== 'completed' && on_failure === 'stop')) return { name, status, failure }
  }
  return null
}

async function runOne(
  compiled: CompiledStep,
  { rule, parent, signal: runSignal, doStep }: StepsOf,
  scope: Scope,
): Promise<StepResult | 'skipped'> {
  if (runSignal.aborted) return endedStep(runSignal, null)
  const { condition, kind, step } = compiled
  if (condition !== null) {
    const verdict = condition.evaluate(scope)
    if (!verdict.ok) return failedStep(failedExpression(verdict, 'condition'))
    if (verdict.value !== true) return 'skipped'
  }
  // A person is waited for by the clock of the inbox, which says so there.
  const timeoutS = kind === 'approval' ? null : step.timeout_s
  const signal = timeoutS === null ? runSignal : AbortSignal.any([runSignal, AbortSignal.timeout(timeoutS * 1000)])
  return doStep(compiled, { rule, parent, scope, signal })
}
