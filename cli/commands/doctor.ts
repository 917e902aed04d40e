import { text as readAll } from 'node:stream/consumers'
import type { CheckName, CheckResult, DoctorFix, DoctorReport, ExamineRequest } from '../../shared/doctor-contract.ts'
import type { ServerId } from '../../shared/ids.ts'
import { askHidden, askYes } from '../ask.ts'
import { withClient } from '../client.ts'
import type { Command, Invocation } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output, type Tone } from '../output.ts'
import { runningProgram } from '../running-program.ts'
import { defaultPort } from './serve.ts'
import { showHunks } from './show-hunks.ts'

/** The doctor of the running program, or one that looks at the home by itself. */
interface Examiner {
  examine(request: ExamineRequest): Promise<DoctorReport>
  fix(id: string, value?: string): Promise<{ done: string }>
}

export const doctor: Command = {
  name: 'doctor',
  usage: '[SERVER] [--json] [--run] [--fix [--yes] [--value-stdin]] [--port N]',
  summary:
    'Look for what is wrong, with or without a running program; ends with 0 where there is no problem, with 1 where there is one',
  options: {
    run: { type: 'boolean' },
    fix: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
    'value-stdin': { type: 'boolean' },
    port: { type: 'string' },
  },
  takes: [0, 1],
  async run(invocation) {
    const { args, flag, output } = invocation
    const server = args[0] as ServerId | undefined
    const request: ExamineRequest = { ...(server !== undefined && { server }), run: flag('run') }
    return withExaminer(invocation, async (examiner) => {
      let report = await examiner.examine(request)
      if (flag('fix')) report = await mend(report, request, examiner, invocation)
      if (output.isJson) output.json(report)
      else show(report, output)
      return report.problems > 0 ? exitCodes.failed : exitCodes.done
    })
  },
}

async function withExaminer<T>(invocation: Invocation, work: (examiner: Examiner) => Promise<T>): Promise<T> {
  const { home, signal } = invocation
  if (await isServed(home)) {
    return withClient(home, ({ doctor: remote }) =>
      work({
        examine: (request) => remote.examine(request, { signal }),
        fix: (fix, value) => remote.fix({ fix, ...(value !== undefined && { value }) }),
      }),
    )
  }
  // The engine is loaded where it is needed only.
  const { openHeadlessDoctor } = await import('../../engine/doctor/headless.ts')
  const { nodeHost } = await import('../host.ts')
  const port = invocation.number('port', 0, 65_535) ?? defaultPort
  await using opened = await openHeadlessDoctor(await nodeHost(home), port)
  const local = opened.doctor
  return await work({
    examine: (request) => local.examine(request, signal),
    fix: (id, value) => local.fix(id, value),
  })
}

async function isServed(home: string): Promise<boolean> {
  try {
    await runningProgram(home)
    return true
  } catch {
    // Not running, or its files cannot be read: the home itself is looked at, which says why.
    return false
  }
}

/** Shows each fix and applies what is agreed to, examining anew after each, until none is left. */
async function mend(
  first: DoctorReport,
  request: ExamineRequest,
  examiner: Examiner,
  { flag, output }: Invocation,
): Promise<DoctorReport> {
  const handedIn = flag('value-stdin') ? (await readAll(process.stdin)).replace(/\r?\n$/, '') : undefined
  const seen = new Set<string>()
  let report = first
  for (;;) {
    const check = report.checks.find(({ fix }) => fix !== null && !seen.has(fix.id))
    if (check?.fix == null) return report
    const { fix } = check
    seen.add(fix.id)
    showFix(check, fix, output)
    const value = fix.asks_for === null ? undefined : (handedIn ?? (await askFor(fix.asks_for, output)))
    if (fix.asks_for !== null && value === undefined) continue
    if (!flag('yes') && !(await askYes('Apply it?'))) {
      output.note(process.stdin.isTTY ? 'Left as it is.' : 'Nothing is changed: say --yes to apply it.')
      continue
    }
    output.note(cell((await examiner.fix(fix.id, value)).done))
    report = await examiner.examine(request)
  }
}

async function askFor(asked: NonNullable<DoctorFix['asks_for']>, output: Output): Promise<string | undefined> {
  if (!process.stdin.isTTY) {
    output.note(`It needs a value: hand it in with --value-stdin, or "signalbox secret set ${cell(asked.name)}".`)
    return undefined
  }
  const value = await askHidden(`${asked.label}: `)
  return value === '' ? undefined : value
}

function showFix({ message, server }: CheckResult, fix: DoctorFix, output: Output): void {
  // Beside the report, which alone is on stdout.
  output.note(`\n${server === null ? '' : `${cell(server)}: `}${cell(message)}`)
  output.note(`Fix: ${cell(fix.title)}`)
  for (const { what, path, hunks } of fix.changes) {
    output.note(`  ${cell(what)}${path === null ? '' : ` (${cell(path)})`}`)
    showHunks(hunks, { ...output, line: output.note })
  }
}

const signs: Readonly<Record<CheckResult['status'], readonly [string, Tone]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  problem: ['✗', 'red'],
  skipped: ['–', 'dim'],
}

function show(report: DoctorReport, output: Output): void {
  let shown: string | null | undefined
  let moot: string | null = null
  for (const result of report.checks) {
    if (result.server !== shown) {
      output.line(
        `${shown === undefined ? '' : '\n'}${output.toned('bold', result.server === null ? 'Home' : cell(result.server))}`,
      )
      shown = result.server
    }
    if (result.because === null) showResult(result, output)
    else if (result.because !== moot) output.line(mootLine(result.because, report, result.server, output))
    moot = result.because
  }
  const { problems, warnings } = report
  output.line(`\n${count(problems, 'problem')}, ${count(warnings, 'warning')}.`)
  const fixes = report.checks.filter(({ fix }) => fix !== null).length
  if (fixes > 0)
    output.line(`${count(fixes, 'fix', 'fixes')} can be applied: add --fix to look at ${fixes === 1 ? 'it' : 'them'}.`)
}

/** Checks that an earlier one makes moot take one line together. */
function mootLine(because: CheckName, { checks }: DoctorReport, of: string | null, output: Output): string {
  const names = checks.filter((check) => check.server === of && check.because === because).map(({ check }) => check)
  const what = `Not looked at, for what "${because.replaceAll('_', ' ')}" found: ${names.join(', ').replaceAll('_', ' ')}.`
  return `${output.toned('dim', '–')} ${output.toned('dim', what)}`
}

function showResult({ status, check, code, message, hint, evidence, fix }: CheckResult, output: Output): void {
  const [sign, tone] = signs[status]
  const name = check.replaceAll('_', ' ').padEnd(14)
  const text = status === 'skipped' ? output.toned('dim', cell(message)) : cell(message)
  output.line(
    `${output.toned(tone, sign)} ${output.toned('dim', name)} ${text}${code === null ? '' : output.toned('dim', ` [${code}]`)}`,
  )
  if (status !== 'warning' && status !== 'problem') return
  for (const line of evidence) output.line(output.toned('dim', `    | ${cell(line)}`))
  if (hint !== null) output.line(`    ${cell(hint)}`)
  if (fix !== null) output.line(`    Fix: ${cell(fix.title)}`)
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
