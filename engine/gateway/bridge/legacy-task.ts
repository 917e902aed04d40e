import { isObject } from '../../links/json-object.ts'
import { edited } from '../../links/json-text.ts'
import type { ForwardOptions, Link, RawAnswer } from '../../links/link.ts'
import type { BridgedCall } from './bridged-call.ts'

const CANCEL_MS = 10_000

/** Whether a tool of a legacy server refuses plain calls: it wants each to be a task of the kind of 2025-11-25. */
export function needsLegacyTask(tool: { readonly [key: string]: unknown }): boolean {
  const { execution } = tool
  return (
    typeof execution === 'object' &&
    execution !== null &&
    'taskSupport' in execution &&
    execution.taskSupport === 'required'
  )
}

/**
 * Calls such a tool for a client that knows nothing of its kind of tasks: begins the task, waits for its result, with
 * whatever is asked meanwhile, and answers with that. Cancelling the call cancels the task.
 */
export async function driveLegacyTask(
  bridged: BridgedCall,
  link: Link,
  paramsText: string,
  options: ForwardOptions,
): Promise<RawAnswer> {
  const begun = await bridged.forward(link, 'tools/call', edited(paramsText, { task: '{}' }), options)
  const task = begun.kind === 'result' && isObject(begun.result.task) ? begun.result.task : null
  if (task === null || typeof task.taskId !== 'string') return begun
  const { taskId } = task
  // It says nothing until it is done, so that there is one limit: the one for all of it.
  const whole = { ...options, timeoutMs: options.maxTotalMs }
  const done = await bridged.forward(link, 'tasks/result', JSON.stringify({ taskId }), whole)
  if (done.kind === 'cancelled' || done.kind === 'timed_out') {
    void link.request('tasks/cancel', { taskId }, { timeoutMs: CANCEL_MS, maxTotalMs: CANCEL_MS })
  }
  return done
}
