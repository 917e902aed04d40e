import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { AppError } from '../../shared/app-error.ts'
import { type DomainEventName, domainEventNames } from '../../shared/domain-event.ts'
import type { NewRule, RuleProblem, RuleRun, RuleView, SampleEvent } from '../../shared/rule.ts'
import { callParameters } from '../call-parameters.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, type Invocation, usage } from '../command.ts'
import { dryRunLines } from '../dry-run-lines.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { duration, localTime } from '../signs.ts'
import { unknownName } from '../unknown-name.ts'

type Verb = (invocation: Invocation, name: string) => Promise<ExitCode>

export const rules: Command = {
  name: 'rules',
  usage:
    '[add FILE [--enable] | show|remove|enable|disable NAME | dry-run NAME|FILE | test NAME | runs [NAME]] [--event NAME] [--payload JSON|@FILE] [--limit N]',
  summary:
    'What happens by itself; `dry-run` shows what a rule would do, `test` has it really done with a sample event',
  options: {
    enable: { type: 'boolean' },
    event: { type: 'string' },
    payload: { type: 'string' },
    limit: { type: 'string' },
  },
  takes: [0, 2],
  async run(invocation) {
    const [verb = 'list', name] = invocation.args
    if (verb === 'list' && name === undefined) return list(invocation)
    if (verb === 'runs') return runs(invocation, name)
    const act = verbs[verb]
    if (act === undefined || name === undefined) {
      throw usage(`"rules" takes ${Object.keys(verbs).join(', ')} and a NAME, list or runs.`, rules)
    }
    return act(invocation, name)
  },
}

const verbs: Readonly<Record<string, Verb>> = {
  async add({ home, output, flag }, file) {
    const text = await readRule(file)
    const made = await withClient(home, async (client) => {
      const { rule } = await client.rules.read({ text })
      return client.rules.create({ ...rule, enabled: flag('enable') })
    })
    if (output.isJson) output.json(made)
    else
      output.line(
        `Added ${cell(made.name)}, ${made.enabled ? 'on' : `off: switch it on with "signalbox rules enable ${cell(made.name)}"`}.`,
      )
    return exitCodes.done
  },
  async show({ home, output }, name) {
    const [view, { text }] = await withClient(home, async (client) => {
      const found = await named(client, name)
      return [found, await client.rules.export({ id: found.id })] as const
    })
    if (output.isJson) output.json(view)
    else output.line(text.trimEnd())
    return exitCodes.done
  },
  async remove({ home, output }, name) {
    const removed = await withClient(home, async (client) =>
      client.rules.remove({ id: (await named(client, name)).id }),
    )
    if (output.isJson) output.json(removed)
    else output.line(`Removed ${cell(name)}. What it did stays on record.`)
    return exitCodes.done
  },
  enable: (invocation, name) => switchTo(invocation, name, true),
  disable: (invocation, name) => switchTo(invocation, name, false),
  async 'dry-run'({ home, output, text }, name) {
    const event = await sampleOf(text('event'), text('payload'))
    const dry = await withClient(home, async (client) =>
      client.rules.dryRun({ rule: await drafted(client, name), event: await eventOf(client, name, event) }),
    )
    if (output.isJson) output.json(dry)
    else for (const line of dryRunLines(dry)) output.line(line)
    return dry.would_run ? exitCodes.done : exitCodes.failed
  },
  async test({ home, output, text, signal }, name) {
    const event = await sampleOf(text('event'), text('payload'))
    const answer = await withClient(home, async (client) => {
      const { id } = await named(client, name)
      const tested = await client.rules.test({ id, event: await eventOf(client, name, event) })
      if (tested.run === null || tested.verdict !== 'accepted') return { ...tested, ended: null }
      for await (const { task } of await client.tasks.follow({ task_id: tested.run.id }, { signal })) {
        if (task.finished_at !== null) break
      }
      return { ...tested, ended: await client.rules.run({ id: tested.run.id }) }
    })
    if (output.isJson) output.json(answer)
    else if (answer.ended === null) output.line(`It did not run: ${cell(answer.failure?.message ?? answer.verdict)}`)
    else for (const line of runLines(answer.ended)) output.line(line)
    return answer.ended?.status === 'completed' ? exitCodes.done : exitCodes.taskFailed
  },
}

async function list({ home, output }: Invocation): Promise<ExitCode> {
  const answer = await withClient(home, (client) => client.rules.list())
  if (output.isJson) output.json(answer)
  else if (answer.items.length === 0) output.line('There is no rule yet. Add one: "signalbox rules add FILE".')
  else {
    const rows = answer.items.map((rule) => [
      cell(rule.name),
      rule.enabled ? 'on' : 'off',
      triggerOf(rule),
      rule.last_run === null ? '' : `${rule.last_run.status} ${localTime(rule.last_run.created_at)}`,
      rule.next_due === null ? '' : localTime(rule.next_due),
      rule.problem === null ? '' : cell(rule.problem.message),
    ])
    output.table(['RULE', '', 'WAITS FOR', 'LAST RUN', 'NEXT', ''], rows)
  }
  return exitCodes.done
}

async function runs({ home, output, number }: Invocation, name: string | undefined): Promise<ExitCode> {
  const limit = number('limit', 1, 1000) ?? 20
  const page = await withClient(home, async (client) => {
    const rule = name === undefined ? undefined : (await named(client, name)).id
    return client.rules.runs({ limit, rule })
  })
  if (output.isJson) output.json(page)
  else if (page.items.length === 0) output.line('No run yet.')
  else {
    const rows = page.items.map((run) => [
      run.id,
      localTime(run.created_at),
      cell(run.rule_name),
      `${run.event_name}${run.is_sample ? ' (sample)' : ''}`,
      run.status,
      run.finished_at === null ? '' : duration(Date.parse(run.finished_at) - Date.parse(run.created_at)),
      run.failure === null ? '' : cell(run.failure.message),
    ])
    output.table(['RUN', 'BEGAN', 'RULE', 'EVENT', 'STATUS', 'TOOK', ''], rows)
  }
  return exitCodes.done
}

async function switchTo({ home, output }: Invocation, name: string, enabled: boolean): Promise<ExitCode> {
  const rule = await withClient(home, async (client) =>
    client.rules.enable({ id: (await named(client, name)).id, enabled }),
  )
  if (output.isJson) output.json(rule)
  else output.line(`${cell(rule.name)} is ${enabled ? 'on' : 'off'}.`)
  return exitCodes.done
}

function* runLines(run: RuleRun): Generator<string> {
  yield `${cell(run.rule_name)} ${run.status}${run.failure === null ? '' : `: ${cell(run.failure.message)}`}`
  for (const { name, kind, status, failure } of run.steps) {
    yield `  ${name}  ${kind}  ${status}${failure === null ? '' : `  ${cell(failure.message)}`}`
  }
}

function triggerOf({ trigger }: Pick<NewRule, 'trigger'>): string {
  switch (trigger.kind) {
    case 'event':
    case 'github':
      return trigger.events.join(', ')
    case 'schedule':
      return cell(trigger.cron)
    case 'webhook':
      return cell(`webhook ${trigger.hook}`)
    case 'file':
      return cell(trigger.path)
    case 'sqlite':
      return cell(trigger.file)
    case 'postgres':
      return cell(`channel ${trigger.channel}`)
    default:
      return trigger satisfies never
  }
}

async function named(client: Client, name: string): Promise<RuleView> {
  const { items } = await client.rules.list()
  const found = items.find((rule) => rule.name === name || rule.id === name)
  if (found !== undefined) return found
  throw unknownName(
    'rule',
    name,
    items.map((rule) => rule.name),
  )
}

/** A rule of a name, or of a file that is not added yet. */
async function drafted(client: Client, name: string): Promise<NewRule> {
  if (!/[./\\]/.test(name)) {
    const { id } = await named(client, name)
    const { text } = await client.rules.export({ id, format: 'json' })
    return (await client.rules.read({ text })).rule
  }
  const { rule, problems } = await client.rules.read({ text: await readRule(name) })
  const [first] = problems.filter(({ severity }) => severity === 'error')
  if (first !== undefined) throw broken(first)
  return rule
}

function broken({ path, message, column }: RuleProblem): AppError {
  const at = column === null ? '' : `, column ${column}`
  return new AppError('invalid_rule', `${path}${at}: ${message}`, { hint: 'Correct the file and try again.' })
}

/** A FILE, or `-` for standard input. */
async function readRule(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const message = `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`
    throw new AppError('file_unreadable', message, { hint: 'Give the path of a rule in YAML or JSON.', cause })
  }
}

interface GivenEvent {
  readonly name: DomainEventName | undefined
  readonly payload: Record<string, unknown>
}

/** Null where the usual sample will do. */
async function sampleOf(name: string | undefined, payload: string | undefined): Promise<GivenEvent | null> {
  if (name === undefined && payload === undefined) return null
  const known = domainEventNames.find((event) => event === name)
  if (name !== undefined && known === undefined)
    throw usage(`--event takes one of ${domainEventNames.join(', ')}.`, rules)
  const text = payload?.startsWith('@') ? await readRule(payload.slice(1)) : payload
  const read = await callParameters([], text).catch((error: Error) => {
    throw usage(error.message.replace('--args', '--payload'), rules)
  })
  return { name: known, payload: read }
}

/** A payload without a name is one of the first event that the rule waits for. */
async function eventOf(client: Client, name: string, given: GivenEvent | null): Promise<SampleEvent | null> {
  if (given === null) return null
  if (given.name !== undefined) return { name: given.name, payload: given.payload }
  const { event } = await client.rules.dryRun({ rule: await drafted(client, name) })
  return { name: event.name, payload: given.payload }
}
