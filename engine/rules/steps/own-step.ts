import { failureOf } from '../../../shared/app-error.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { JsonObject } from '../../links/link.ts'
import type { Outcome } from '../../tasks/outcome.ts'
import type { OpenWork } from '../../tasks/own-work.ts'
import type { TaskRunner } from '../../tasks/task-runner.ts'
import { endedStep, originOf, type StepContext, type StepResult, thrownStep } from './step-result.ts'

interface OwnStep {
  /** Stands as the tool on its task: `http`, `notify`, `approval`. */
  readonly action: string
  readonly parameters: Record<string, unknown>
  readonly timeoutMs: number
}

/** What the work of a step came to. */
export type Done = Pick<Outcome, 'status' | 'error'> & {
  readonly result?: JsonObject
  readonly seen?: StepResult['seen']
}

/** Does what needs no server, in a task of its own below the run's; cancelling either one ends it. */
export async function ownStep(
  { action, parameters, timeoutMs }: OwnStep,
  { rule, parent, signal }: StepContext,
  tasks: Pick<TaskRunner, 'open'>,
  work: (call: OpenWork['call'], signal: AbortSignal) => Promise<Done>,
): Promise<StepResult> {
  const origin = originOf(rule.name)
  const request = { agent: origin as ServerId, action, parameters, timeoutMs }
  let task: OpenWork
  try {
    task = await tasks.open(request, { origin, parent_id: parent })
  } catch (error) {
    return thrownStep(error, signal)
  }
  const task_id = task.call.id
  const either = AbortSignal.any([signal, task.call.signal])
  try {
    await task.run()
    const { status, error, result, seen = {} } = await work(task.call, either)
    await task.finish({ status, ...(error && { error }), ...(result && { result }) })
    const failure = error === undefined ? null : { code: error.code, message: error.message, hint: error.hint }
    return { status, task_id, failure, seen }
  } catch (error) {
    const ended = either.aborted
      ? endedStep(signal.aborted ? signal : either, task_id)
      : thrownStep(error, signal, task_id)
    await task.finish({ status: ended.status, error: ended.failure ?? failureOf(error) })
    return ended
  }
}
