import type { Failure } from '../../shared/app-error.ts'
import type { DomainEvent } from '../../shared/domain-event.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import type { NewRule, RuleRun, StepOutcome } from '../../shared/rule.ts'
import type { Task, TaskEvent } from '../../shared/task.ts'
import type { runExitCodes } from '../exit-codes.ts'

export type PipelineVerdict = keyof typeof runExitCodes

/** Told of what happens as it happens. */
export interface PipelineWatch {
  starting(server: ServerId): void
  started(server: ServerId, ms: number): void
  runBegan(run: RuleRun): void
  /** `ms`: null where it was skipped. */
  stepEnded(run: RuleRun, step: StepOutcome, ms: number | null): void
  runEnded(run: RuleRun): void
  approvalRefused(what: string): void
}

export interface PipelineResult {
  readonly verdict: PipelineVerdict
  /** Why it is not `completed`, for people. */
  readonly failure: Failure | null
  readonly runs: readonly RuleRun[]
  /** Of all runs and steps, with their time lines. */
  readonly tasks: readonly { readonly task: Task; readonly events: readonly TaskEvent[] }[]
  readonly logs: readonly LogLine[]
}

interface Facts {
  readonly isOver: boolean
  readonly isCancelled: boolean
  readonly wasRefused: boolean
}

/** What the runs of an event come to together. */
export function verdictOf(
  runs: readonly RuleRun[],
  { isOver, isCancelled, wasRefused }: Facts,
): Pick<PipelineResult, 'verdict' | 'failure'> {
  const failed = runs.find(({ status }) => status !== 'completed')
  if (isOver) return { verdict: 'timed_out', failure: overTime }
  if (isCancelled) return { verdict: 'cancelled', failure: cancelled }
  if (runs.length === 0) return { verdict: 'no_rule_matched', failure: unmet }
  if (failed === undefined) return { verdict: 'completed', failure: null }
  if (wasRefused) return { verdict: 'approval_needed', failure: nobodyThere }
  const { rule_name, failure, status } = failed
  const message = `${rule_name}: ${failure?.message ?? `The run ${status.replaceAll('_', ' ')}.`}`
  const told = { code: failure?.code ?? status, message, hint: failure?.hint ?? null }
  return { verdict: status === 'timed_out' ? 'timed_out' : 'step_failed', failure: told }
}

/** Why none of these rules waits for an event. */
export function unheard({ name }: DomainEvent, rules: readonly NewRule[]): Failure {
  const message = rules.length === 0 ? 'There is no rule to run.' : `No rule waits for ${name}, or for this repository.`
  return { code: 'no_rule_matched', message, hint: 'Look at the triggers of the rules.' }
}

const overTime: Failure = {
  code: 'timed_out',
  message: 'The time of the pipeline is over; what ran was cancelled.',
  hint: 'Give it more with --timeout SECONDS.',
}
const cancelled: Failure = { code: 'cancelled', message: 'It was cancelled.', hint: null }
const unmet: Failure = {
  code: 'no_rule_matched',
  message: 'Rules wait for this event, but the conditions of none are met.',
  hint: 'Try their conditions with the payload.',
}
const nobodyThere: Failure = {
  code: 'approval_needed',
  message: 'A step asks a person, and in a pipeline nobody is there to answer.',
  hint: 'Take the approval out of the rule, or let it run in Signalbox.',
}
