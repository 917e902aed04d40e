import { AppError } from '../../shared/app-error.ts'
import type { StepOutcome } from '../../shared/rule.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { runExitCodes } from '../exit-codes.ts'
import { nodeHost } from '../host.ts'
import { cell, type Output, type Tone } from '../output.ts'
import type { PipelineResult, PipelineWatch } from '../pipeline/pipeline-result.ts'
import { withoutWorkflowCommands } from '../pipeline/workflow-commands.ts'
import { duration } from '../signs.ts'

/** Seconds, unless told. */
const defaultTimeoutS = 600

export const run: Command = {
  name: 'run',
  usage: '--event-type TYPE --payload JSON|@FILE [--rules FILE] [--rule NAME] [--output DIR] [--timeout S]',
  summary: 'Run rules for one event and end, as in CI; its exit codes stand in the guide to CI',
  options: {
    'event-type': { type: 'string' },
    payload: { type: 'string' },
    rules: { type: 'string' },
    rule: { type: 'string' },
    output: { type: 'string' },
    timeout: { type: 'string' },
  },
  takes: [0, 0],
  async run(invocation) {
    const { output, text } = invocation
    const say = output.isJson ? output.note : output.line
    using _unheard = withoutWorkflowCommands(process.env, say)
    const { verdict, failure, runs } = await ran(invocation, say).catch(inOneLine)
    if (output.isJson) output.json({ verdict, failure, runs })
    if (failure !== null) {
      output.note(cell(failure.message))
      if (failure.hint !== null) output.note(cell(failure.hint))
    }
    const folder = text('output')
    if (folder !== undefined) say(`Results, time lines, logs and a JUnit file are in ${cell(folder)}.`)
    return runExitCodes[verdict]
  },
}

async function ran(invocation: Invocation, say: (line: string) => void): Promise<PipelineResult> {
  const { home, text, number, output } = invocation
  const signal = AbortSignal.any([invocation.signal, askedToEnd()])
  const [type, payload] = [text('event-type'), text('payload')]
  if (type === undefined || payload === undefined) throw usage('"run" needs --event-type and --payload.', run)
  const timeoutMs = (number('timeout', 1, 24 * 3600) ?? defaultTimeoutS) * 1000
  // The engine is loaded where it is needed only.
  const { readEvent } = await import('../pipeline/read-event.ts')
  const { rulesOfFile, rulesOfHome } = await import('../pipeline/read-rules.ts')
  const { runPipeline } = await import('../pipeline/run-pipeline.ts')
  const { writeArtifacts } = await import('../pipeline/artifacts.ts')
  const host = await nodeHost(home)
  const event = await readEvent(type, payload)
  const file = text('rules')
  const only = text('rule') ?? null
  const found = file === undefined ? await rulesOfHome(home, host.storeWorker, only) : await rulesOfFile(file, home)
  if (only !== null && !found.rules.some(({ name }) => name === only)) throw unknownRule(only, found.rules)
  say(`${cell(event.name)}, by ${file === undefined ? 'the rules of the home' : cell(file)}`)
  const result = await runPipeline(host, { ...found, event, only, timeoutMs }, telling(output, say), signal).catch(
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'invalid_rule') throw usage(error.message, run)
      throw error
    },
  )
  const folder = text('output')
  if (folder !== undefined) await writeArtifacts(folder, event, result)
  return result
}

/** Runners ask so, after Ctrl+C or instead of it: what was begun is cancelled, written down and cleared away. Once more ends it at once. */
function askedToEnd(): AbortSignal {
  const asked = new AbortController()
  for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => asked.abort())
  return asked.signal
}

/** What is wrong may be told in words of an event, which are to begin no line. */
function inOneLine(error: unknown): never {
  if (!(error instanceof AppError)) throw error
  const hint = error.hint === null ? null : cell(error.hint)
  throw new AppError(error.code, cell(error.message), { hint, cause: error })
}

/** Each line begins with words of ours, so that no text of an event begins one. */
function telling(output: Output, say: (line: string) => void): PipelineWatch {
  return {
    starting: (server) => say(`  starting ${cell(server)}`),
    started: (server, ms) => say(`  ${output.toned('green', '●')} ${cell(server)} is ready  ${duration(ms)}`),
    runBegan: ({ rule_name }) => say(`${output.toned('bold', cell(rule_name))}`),
    stepEnded: (_run, { name, status, failure }, ms) => {
      const [glyph, tone] = signs[status]
      const took = ms === null ? '' : `  ${duration(ms)}`
      say(`  ${output.toned(tone, glyph)} ${name}  ${status.replaceAll('_', ' ')}${took}`)
      if (failure !== null) say(`    why: ${cell(failure.message)}`)
    },
    runEnded: ({ rule_name, status }) => say(`  ${cell(rule_name)}: ${status.replaceAll('_', ' ')}`),
    approvalRefused: (what) => say(`  ◆ refused, as nobody is there to approve it: ${cell(what)}`),
  }
}

const signs: Readonly<Record<StepOutcome['status'], readonly [glyph: string, tone: Tone]>> = {
  completed: ['✔', 'green'],
  failed: ['✖', 'red'],
  cancelled: ['○', 'dim'],
  timed_out: ['✖', 'red'],
  skipped: ['–', 'dim'],
}

function unknownRule(name: string, rules: readonly { name: string }[]): AppError {
  const known = rules.map((rule) => rule.name).join(', ')
  return new AppError('usage', `There is no rule "${name}".`, { hint: `Known rules: ${known}.` })
}
