import { type Failure, failureOf } from '../../../shared/app-error.ts'
import type { TaskId } from '../../../shared/ids.ts'
import type { Rule, RuleId, StepOutcome } from '../../../shared/rule.ts'
import type { Evaluated, Scope } from '../expression.ts'

/** What every kind of step is given. */
export interface StepContext {
  readonly rule: Pick<Rule, 'name' | 'limits'> & { readonly id: RuleId }
  /** The task of the run. */
  readonly parent: TaskId
  readonly scope: Scope
  /** Fires when the run is cancelled or its time is over, and when the step's own is. */
  readonly signal: AbortSignal
}

/** What a step came to. */
export interface StepResult {
  readonly status: Exclude<StepOutcome['status'], 'skipped'>
  readonly task_id: TaskId | null
  readonly failure: Failure | null
  /** What expressions find of it under `steps.<name>`, beside its status. */
  readonly seen: Readonly<Record<string, unknown>>
}

/** Who stands on the tasks of a rule. */
export const originOf = (ruleName: string): string => `rule:${ruleName}`

export function failedStep(failure: Failure, task_id: TaskId | null = null): StepResult {
  return { status: 'failed', task_id, failure, seen: {} }
}

/** A step that threw; one that was told to end did as it was told. */
export function thrownStep(error: unknown, signal: AbortSignal, task_id: TaskId | null = null): StepResult {
  return signal.aborted ? endedStep(signal, task_id) : failedStep(failureOf(error), task_id)
}

/** A step that was ended by its signal. */
export function endedStep(signal: AbortSignal, task_id: TaskId | null): StepResult {
  const isLate = isTimeout(signal)
  const failure: Failure = isLate
    ? { code: 'timed_out', message: 'Its time was over before it ended.', hint: 'Give the step or the rule more time.' }
    : { code: 'cancelled', message: 'The run was cancelled.', hint: null }
  return { status: isLate ? 'timed_out' : 'cancelled', task_id, failure, seen: {} }
}

export function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

/** An expression of a step that gave no value. */
export function failedExpression({ problem }: Extract<Evaluated, { ok: false }>, where: string): Failure {
  const at = problem.column === null ? '' : ` (column ${problem.column})`
  return {
    code: problem.code,
    message: `${where}${at}: ${problem.message}`,
    hint: 'Try the rule with this event in a dry run.',
  }
}
