import type { JsonObject } from '../../links/link.ts'
import type { TaskRunner } from '../../tasks/task-runner.ts'
import { mayCall } from '../check-rule.ts'
import type { CompiledStep } from '../compile-rule.ts'
import { renderValue } from '../value-template.ts'
import {
  endedStep,
  failedExpression,
  failedStep,
  isTimeout,
  originOf,
  type StepContext,
  type StepResult,
  thrownStep,
} from './step-result.ts'

type ToolStep = Extract<CompiledStep, { kind: 'tool' }>

/** Calls a tool as the rule, in a task of its own below the run's. */
export async function toolStep(
  { step, arguments: template }: ToolStep,
  { rule, parent, scope, signal }: StepContext,
  tasks: Pick<TaskRunner, 'start' | 'cancel'>,
): Promise<StepResult> {
  if (!mayCall(rule.limits, step)) {
    return failedStep({
      code: 'tool_not_allowed',
      message: `The limits of ${rule.name} do not allow ${step.tool} of ${step.server}. Nothing was sent.`,
      hint: 'Add it to the tools that the rule may call.',
    })
  }
  const rendered = renderValue(template, scope)
  if (!rendered.ok) return failedStep(failedExpression(rendered, 'arguments'))
  const origin = originOf(rule.name)
  let started: Awaited<ReturnType<TaskRunner['start']>>
  try {
    const request = { agent: step.server, action: step.tool, parameters: rendered.value as JsonObject }
    started = await tasks.start(request, { origin, parent_id: parent })
  } catch (error) {
    return thrownStep(error, signal)
  }
  const { task_id } = started.task
  // It may have ended by itself in the same moment, which is as good.
  const cancel = (): void => void tasks.cancel(task_id, origin).catch(() => {})
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  const { status, result, error } = await started.ended
  signal.removeEventListener('abort', cancel)
  if (status === 'cancelled' && isTimeout(signal)) return endedStep(signal, task_id)
  const failure = error === undefined ? null : { code: error.code, message: error.message, hint: error.hint }
  return { status, task_id, failure, seen: result === undefined ? {} : seenOf(result) }
}

/** A tool's result as expressions want it: whole, its texts in one, and as data where it is data. */
function seenOf(result: JsonObject): Record<string, unknown> {
  const blocks = Array.isArray(result.content) ? result.content : []
  const text = blocks.flatMap((block) => (isText(block) ? [block.text] : [])).join('\n')
  return { result, text, json: result.structuredContent ?? parsed(text) }
}

function isText(block: unknown): block is { text: string } {
  return typeof block === 'object' && block !== null && 'text' in block && typeof block.text === 'string'
}

/** Null where it is no JSON, as most texts of tools are not. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
