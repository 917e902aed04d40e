import { isAbsolute } from 'node:path'
import { Cron } from 'croner'
import type { ServerId } from '../../shared/ids.ts'
import type { NewRule, RuleLimits, RuleProblem, RuleStep, RuleTrigger, StepOf } from '../../shared/rule.ts'
import type { Tool } from '../../shared/server.ts'
import { type CompiledRule, compileRule } from './compile-rule.ts'
import { hostOf } from './step-url.ts'

/** What is known of the servers that a rule names. */
export interface KnownServers {
  /** Null: there is no such server. `tools` is null until it was listed once. */
  lookUp(id: ServerId): { readonly tools: readonly Tool[] | null } | null
}

interface Checked {
  readonly compiled: CompiledRule
  readonly problems: readonly RuleProblem[]
}

/** Reads a rule and says all that is wrong with it, errors first. */
export function checkRule(rule: NewRule, servers: KnownServers): Checked {
  const compiled = compileRule(rule)
  const steps = [
    ...rule.steps.map((step, index) => ({ step, path: `/steps/${index}` })),
    ...rule.on_failure.map((step, index) => ({ step, path: `/on_failure/${index}` })),
  ]
  const problems = [
    ...compiled.problems,
    ...triggerProblems(rule.trigger),
    ...steps.flatMap(({ step, path }) => stepProblems(step, path, rule.limits, servers)),
    ...loopWarnings(rule),
  ]
  problems.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return { compiled: compiled.rule, problems }
}

/** Whether a rule's limits let it call a tool; without a list its own steps are it. */
export function mayCall({ tools }: RuleLimits, { server, tool }: Pick<StepOf<'tool'>, 'server' | 'tool'>): boolean {
  if (tools === null) return true
  return tools.some((allowed) => allowed.server === server && (allowed.tool === '*' || allowed.tool === tool))
}

function error(path: string, message: string): RuleProblem {
  return { path, severity: 'error', message, column: null }
}

function warning(path: string, message: string): RuleProblem {
  return { path, severity: 'warning', message, column: null }
}

function triggerProblems(trigger: RuleTrigger): RuleProblem[] {
  switch (trigger.kind) {
    case 'schedule':
      return scheduleProblems(trigger.cron, trigger.time_zone)
    case 'file':
      return isAbsolute(trigger.path) ? [] : [error('/trigger/path', 'The path must be absolute.')]
    case 'sqlite':
      return isAbsolute(trigger.file) ? [] : [error('/trigger/file', 'The path must be absolute.')]
    case 'postgres':
      return /^postgres(ql)?:\/\//.test(trigger.connection)
        ? []
        : [error('/trigger/connection', 'A connection is written as postgres://user@host/database.')]
    case 'event':
    case 'github':
    case 'webhook':
      return []
    default:
      return trigger satisfies never
  }
}

function scheduleProblems(cron: string, timeZone: string | null): RuleProblem[] {
  if (timeZone !== null && !isTimeZone(timeZone)) {
    return [error('/trigger/time_zone', `"${timeZone}" is no time zone; write it as Europe/Berlin.`)]
  }
  try {
    const next = new Cron(cron, { paused: true, ...(timeZone !== null && { timezone: timeZone }) }).nextRun()
    return next === null ? [error('/trigger/cron', `"${cron}" is never due.`)] : []
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^CronPattern: /, '') : String(thrown)
    return [error('/trigger/cron', `"${cron}" is no schedule: ${why}`)]
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // The one way in which Intl says that it does not know a zone.
    return false
  }
}

function stepProblems(step: RuleStep, path: string, limits: RuleLimits, servers: KnownServers): RuleProblem[] {
  if (step.kind === 'tool') return toolProblems(step, path, limits, servers)
  if (step.kind === 'http') return httpProblems(step, path, limits)
  return []
}

function toolProblems(step: StepOf<'tool'>, path: string, limits: RuleLimits, servers: KnownServers): RuleProblem[] {
  const { server, tool } = step
  if (!mayCall(limits, step)) {
    return [error(`${path}/tool`, `The rule's limits do not allow ${tool} of ${server}.`)]
  }
  const known = servers.lookUp(server)
  if (known === null) return [warning(`${path}/server`, `There is no server "${server}" now.`)]
  if (known.tools === null || known.tools.some(({ name }) => name === tool)) return []
  return [warning(`${path}/tool`, `${server} has no tool "${tool}" now.`)]
}

function httpProblems({ url }: StepOf<'http'>, path: string, limits: RuleLimits): RuleProblem[] {
  const host = hostOf(url)
  if (host === null) {
    if (limits.hosts !== null) return []
    const message = 'Where it goes must stand in plain text, as https://host/…, or the rule must list its hosts.'
    return [error(`${path}/url`, message)]
  }
  if (limits.hosts === null || limits.hosts.includes(host)) return []
  return [error(`${path}/url`, `The rule's limits do not allow calls to ${host}.`)]
}

/** What such a rule does is what it waits for. */
function loopWarnings({ trigger, conditions, steps }: NewRule): RuleProblem[] {
  if (trigger.kind !== 'event' || conditions.length > 0) return []
  const own = trigger.events.find((name) => name.startsWith('agent.') || name.startsWith('rule.'))
  if (own === undefined || !steps.some(({ kind }) => kind === 'tool' || own.startsWith('rule.'))) return []
  return [warning('/trigger', `Its own runs are ${own} too: without a condition it fires itself until it is stopped.`)]
}
