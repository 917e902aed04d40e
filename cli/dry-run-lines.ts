import type { DryRun, DryStep } from '../shared/rule.ts'
import { cell } from './output.ts'
import { visible } from './visible.ts'

/** What a rule would do, for people. */
export function* dryRunLines(dry: DryRun): Generator<string> {
  yield `${dry.would_run ? 'It would run' : 'It would not run'} on this ${dry.event.name}. Nothing was done.`
  for (const { severity, path, message } of dry.problems) yield `  ${severity}  ${cell(path)}: ${cell(message)}`
  if (!dry.is_triggered) yield '  Its trigger does not wait for this event.'
  for (const { expression, is_met, failure } of dry.conditions) {
    yield `  ${is_met ? 'met  ' : 'unmet'}  ${cell(expression)}${failure === null ? '' : `  ${cell(failure.message)}`}`
  }
  yield* dry.steps.flatMap(stepLines)
  if (dry.on_failure.length > 0) yield 'After a failure:'
  yield* dry.on_failure.flatMap(stepLines)
}

function stepLines({ name, kind, would, target, arguments: given, failure, waits_for }: DryStep): string[] {
  const waits = waits_for === null ? '' : `  waits for ${cell(waits_for)}`
  const head = `${would.padEnd(4)}  ${name}  ${target === '' ? kind : cell(target)}${waits}`
  const shown = would === 'skip' ? [] : JSON.stringify(given, null, 2).split('\n')
  const why = failure === null ? [] : [`      ${cell(failure.message)}`]
  return [head, ...why, ...shown.map((line) => `      ${visible(line)}`)]
}
