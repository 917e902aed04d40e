import type { RuleRun } from '../../shared/rule.ts'

/** What a test report says of a step beside its outcome. */
export interface TimedRun {
  readonly run: RuleRun
  /** Milliseconds by the name of the step. */
  readonly stepMs: ReadonlyMap<string, number>
}

/** Runs as test suites and steps as test cases, in the form that JUnit's readers share. */
export function junitXml(runs: readonly TimedRun[]): string {
  const suites = runs.map(({ run, stepMs }) => {
    const cases = run.steps.map(({ name, kind, status, failure }) => {
      const open = `    <testcase name="${text(name)}" classname="${text(`${run.rule_name}.${kind}`)}" time="${seconds(stepMs.get(name) ?? 0)}"`
      if (status === 'completed') return `${open}/>`
      if (status === 'skipped') return `${open}>\n      <skipped/>\n    </testcase>`
      const said = failure === null ? status : `${failure.message} ${failure.hint ?? ''}`.trim()
      return `${open}>\n      <failure type="${text(failure?.code ?? status)}" message="${text(said)}"/>\n    </testcase>`
    })
    // A run that ended before its first step, or was refused, would otherwise pass as an empty suite.
    const isSilent =
      run.status !== 'completed' && run.steps.every(({ status }) => status === 'completed' || status === 'skipped')
    if (isSilent) {
      const said = run.failure?.message ?? run.status
      cases.push(
        `    <testcase name="run" classname="${text(run.rule_name)}" time="0.000">\n      <error type="${text(run.failure?.code ?? run.status)}" message="${text(said)}"/>\n    </testcase>`,
      )
    }
    const failed = run.steps.filter(({ status }) => status !== 'completed' && status !== 'skipped').length
    const skipped = run.steps.filter(({ status }) => status === 'skipped').length
    const totalMs = run.finished_at === null ? 0 : Date.parse(run.finished_at) - Date.parse(run.created_at)
    const counts = `tests="${cases.length}" failures="${failed}" errors="${isSilent ? 1 : 0}" skipped="${skipped}"`
    const head = `  <testsuite name="${text(run.rule_name)}" ${counts} time="${seconds(totalMs)}" timestamp="${text(run.created_at)}">`
    return [head, ...cases, '  </testsuite>'].join('\n')
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="signalbox">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
}

/** Of what XML 1.0 has no way to write, a mark stays. */
function text(value: string): string {
  return (
    value
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what XML cannot hold
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"\n\t]/g, (char) => entities[char]!)
  )
}
