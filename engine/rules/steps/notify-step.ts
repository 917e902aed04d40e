import type { News } from '../../news.ts'
import type { TaskRunner } from '../../tasks/task-runner.ts'
import type { CompiledStep } from '../compile-rule.ts'
import { asText, renderTemplate } from '../template.ts'
import { ownStep } from './own-step.ts'
import { failedExpression, failedStep, type StepContext, type StepResult } from './step-result.ts'

type NotifyStep = Extract<CompiledStep, { kind: 'notify' }>

/** Milliseconds; it is done at once. */
const timeoutMs = 10_000

/** Tells a person something, wherever they look. */
export async function notifyStep(
  { step, title, message }: NotifyStep,
  context: StepContext,
  { tasks, raise }: { tasks: Pick<TaskRunner, 'open'>; raise: News['raise'] },
): Promise<StepResult> {
  const titled = renderTemplate(title, context.scope)
  if (!titled.ok) return failedStep(failedExpression(titled, 'title'))
  const told = renderTemplate(message, context.scope)
  if (!told.ok) return failedStep(failedExpression(told, 'message'))
  const shown = { title: asText(titled.value).slice(0, 200), message: asText(told.value).slice(0, 2_000) }
  return ownStep({ action: 'notify', parameters: shown, timeoutMs }, context, tasks, async () => {
    raise({ ...shown, severity: step.severity, server: null, task_id: context.parent, desktop: true })
    return { status: 'completed' }
  })
}
