import type { ApprovalDesk } from '../../approvals/approval-desk.ts'
import type { TaskRunner } from '../../tasks/task-runner.ts'
import type { CompiledStep } from '../compile-rule.ts'
import { asText, renderTemplate } from '../template.ts'
import { ownStep } from './own-step.ts'
import { failedExpression, failedStep, originOf, type StepContext, type StepResult } from './step-result.ts'

type ApprovalStep = Extract<CompiledStep, { kind: 'approval' }>

/** Seconds that a person is waited for unless the step says otherwise. */
const defaultWaitS = 24 * 3600

/** Waits in the one inbox until a person says yes; a no fails the step. */
export async function approvalStep(
  { step, message }: ApprovalStep,
  context: StepContext,
  { tasks, desk }: { tasks: Pick<TaskRunner, 'open'>; desk: Pick<ApprovalDesk, 'hold'> },
): Promise<StepResult> {
  const { rule, scope } = context
  const asked = renderTemplate(message, scope)
  if (!asked.ok) return failedStep(failedExpression(asked, 'message'))
  const timeout_s = step.timeout_s ?? defaultWaitS
  const text = asText(asked.value).slice(0, 4_000)
  const origin = originOf(rule.name)
  const work = { action: 'approval', parameters: { step: step.name, message: text }, timeoutMs: timeout_s * 1000 }
  return ownStep(work, context, tasks, async (call, signal) => {
    // A remembered yes holds for this step as it is worded, and not for what is written in its place later.
    const tool = { name: step.name, title: text.slice(0, 200), description: step.message }
    const names = { origin, agent: origin, action: step.name }
    const held = {
      ...call,
      signal,
      get isCancelled() {
        return signal.aborted
      },
    }
    const outcome = (await desk.hold(held, { names, tool, rule: { name: rule.name, timeout_s } }))?.outcome
    if (outcome === undefined) return { status: 'completed', seen: { approved: true } }
    signal.throwIfAborted()
    const status = outcome.error?.code === 'approval_timed_out' ? 'timed_out' : outcome.status
    return { status, ...(outcome.error && { error: outcome.error }), seen: { approved: false } }
  })
}
