import { type Failure, failureOf } from '../../shared/app-error.ts'
import type { DomainEvent } from '../../shared/domain-event.ts'
import type { DryRun, DryStep, NewRule, Rule } from '../../shared/rule.ts'
import type { ApprovalDesk } from '../approvals/approval-desk.ts'
import type { SecretVault } from '../host.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import { argumentViolations } from '../tasks/check-arguments.ts'
import { mayCall } from './check-rule.ts'
import type { CompiledStep } from './compile-rule.ts'
import type { Evaluated, Expression, Scope } from './expression.ts'
import { isTriggeredBy } from './match-event.ts'
import type { RuleBook } from './rule-book.ts'
import { refusedUrl, renderMessage, secretsOfStep } from './steps/http-step.ts'
import { failedExpression, originOf } from './steps/step-result.ts'
import { asText, renderTemplate } from './template.ts'
import { renderValue } from './value-template.ts'

export interface DryRunParts {
  readonly book: Pick<RuleBook, 'read'>
  readonly supervisor: Pick<Supervisor, 'spec' | 'get' | 'listing' | 'heldTools'>
  readonly desk: Pick<ApprovalDesk, 'ruleFor'>
  readonly outbound: Pick<OutboundClient, 'check'>
  readonly vault: SecretVault | null
}

interface DryRunInput {
  readonly rule: NewRule & Pick<Rule, 'id'>
  readonly event: DomainEvent
  /** What earlier steps are assumed to give, by their names. */
  readonly steps: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** What a rule would do with an event, evaluated as it would be then. Nothing is sent, asked or kept. */
export async function dryRun({ rule, event, steps: given }: DryRunInput, parts: DryRunParts): Promise<DryRun> {
  const { compiled, problems } = parts.book.read(rule)
  const is_triggered = isTriggeredBy(rule, event)
  const nothing = { event, problems: [...problems], is_triggered, conditions: [], steps: [], on_failure: [] }
  if (problems.some(({ severity }) => severity === 'error')) return { ...nothing, would_run: false }
  const base = { event, rule: { id: rule.id, name: rule.name }, run: { id: 'dry-run' } }
  const assumed: Record<string, unknown> = {}
  const scope: Scope = { ...base, steps: assumed, failure: null }
  const conditions = compiled.conditions.map((condition) => {
    const shown = evaluated(condition, scope)
    return { ...shown, is_met: shown.value === true }
  })
  const tried = (step: CompiledStep, within: Scope) => tryStep(step, within, rule, parts)
  const steps: DryStep[] = []
  for (const step of compiled.steps) {
    const dry = await tried(step, scope)
    steps.push(dry)
    const usual = dry.would === 'skip' ? { status: 'skipped' } : assumptions[step.kind]
    assumed[step.step.name] = { ...usual, ...given[step.step.name] }
  }
  const [first] = rule.steps
  const failure = { step: first?.name, status: 'failed', code: 'tool_error', message: 'It failed.', hint: null }
  const on_failure: DryStep[] = []
  for (const step of compiled.onFailure) on_failure.push(await tried(step, { ...scope, failure }))
  const would_run = is_triggered && conditions.every(({ is_met }) => is_met)
  return { ...nothing, conditions, would_run, steps, on_failure }
}

/** What a step gives as far as anybody can tell before. */
const assumptions: Readonly<Record<CompiledStep['kind'], Readonly<Record<string, unknown>>>> = {
  tool: { status: 'completed', failure: null, text: '', json: {}, result: { content: [] } },
  http: { status: 'completed', failure: null, code: 200, headers: {}, body: {} },
  notify: { status: 'completed', failure: null },
  approval: { status: 'completed', failure: null, approved: true },
}

function evaluated(expression: Expression, scope: Scope) {
  const verdict = expression.evaluate(scope)
  const failure = verdict.ok ? null : failedExpression(verdict, 'expression')
  return { expression: expression.source, value: verdict.ok ? verdict.value : null, failure }
}

async function tryStep(step: CompiledStep, scope: Scope, rule: NewRule, parts: DryRunParts): Promise<DryStep> {
  const { name, kind } = step.step
  const condition = step.condition === null ? null : evaluated(step.condition, scope)
  const isMet = condition === null || condition.value === true
  const work = await workOf(step, scope, rule, parts)
  const failure = condition?.failure ?? (isMet ? work.failure : null)
  const would = failure !== null ? 'fail' : isMet ? 'act' : 'skip'
  return {
    name,
    kind,
    condition,
    would,
    target: work.target,
    arguments: work.arguments,
    failure,
    waits_for: work.waits_for,
  }
}

type Work = Pick<DryStep, 'target' | 'arguments' | 'failure' | 'waits_for'>

async function workOf(step: CompiledStep, scope: Scope, rule: NewRule, parts: DryRunParts): Promise<Work> {
  switch (step.kind) {
    case 'tool':
      return toolWork(step, renderValue(step.arguments, scope), rule, parts)
    case 'http':
      return httpWork(step, scope, rule, parts)
    case 'notify': {
      const title = renderTemplate(step.title, scope)
      const message = renderTemplate(step.message, scope)
      const failed = [title, message].find((one) => !one.ok)
      const shown = { title: textOf(title), message: textOf(message) }
      return {
        target: '',
        arguments: shown,
        failure: failed?.ok === false ? failedExpression(failed, 'text') : null,
        waits_for: null,
      }
    }
    case 'approval': {
      const message = renderTemplate(step.message, scope)
      const failure = message.ok ? null : failedExpression(message, 'message')
      return { target: '', arguments: { message: textOf(message) }, failure, waits_for: 'a person' }
    }
    default:
      return step satisfies never
  }
}

const textOf = (value: Evaluated): string | null => (value.ok ? asText(value.value) : null)

function toolWork(
  { step }: Extract<CompiledStep, { kind: 'tool' }>,
  rendered: Evaluated,
  rule: NewRule,
  { supervisor, desk }: DryRunParts,
): Work {
  const { server, tool: action } = step
  const tool = supervisor.listing(server)?.tools.find(({ name }) => name === action)
  const held = desk.ruleFor({ origin: originOf(rule.name), agent: server, action }, tool)
  const work = {
    target: `${server} ${action}`,
    arguments: rendered.ok ? rendered.value : null,
    waits_for: held?.name ?? null,
  }
  const failure = (): Failure | null => {
    if (!rendered.ok) return failedExpression(rendered, 'arguments')
    if (!mayCall(rule.limits, step)) {
      return { code: 'tool_not_allowed', message: `The rule's limits do not allow ${action} of ${server}.`, hint: null }
    }
    const now = supervisor.get(server)
    if (now === null) return { code: 'unknown_server', message: `There is no server "${server}".`, hint: null }
    if (supervisor.listing(server) !== null && tool === undefined) {
      return { code: 'unknown_tool', message: `${server} has no tool "${action}".`, hint: null }
    }
    if (supervisor.heldTools(server).includes(action)) {
      const message = `${action} of ${server} is not what you agreed to: it is new, or its definition changed.`
      return { code: 'tool_changed', message, hint: `Approve it on the page of ${server}.` }
    }
    const [violation] = tool === undefined ? [] : argumentViolations(tool, rendered.value)
    if (violation !== undefined) {
      const message = `The arguments do not fit at ${violation.path === '' ? 'the top' : violation.path}: ${violation.message}`
      return { code: 'invalid_arguments', message, hint: 'Look at the schema of the tool.' }
    }
    if (now.wished) return null
    return { code: 'server_off', message: `${server} is ${now.state}.`, hint: `Start it; a call does not.` }
  }
  return { ...work, failure: failure() }
}

async function httpWork(
  step: Extract<CompiledStep, { kind: 'http' }>,
  scope: Scope,
  rule: NewRule,
  { outbound, vault }: DryRunParts,
): Promise<Work> {
  const rendered = renderMessage(step, scope)
  if (!rendered.ok) {
    const failure = failedExpression(rendered, 'HTTP call')
    return { target: step.step.method, arguments: null, failure, waits_for: null }
  }
  const { method, url, headers, body } = rendered.message
  const work = { target: `${method} ${url}`, arguments: { headers, body }, waits_for: null }
  const refusal = refusedUrl(url, step.step.url, rule)
  if (refusal !== null) return { ...work, failure: refusal.failure }
  try {
    outbound.check(url)
  } catch (error) {
    return { ...work, failure: failureOf(error) }
  }
  const stored = (await vault?.names()) ?? []
  const missing = secretsOfStep(step).find((name) => !stored.includes(name))
  if (missing === undefined) return { ...work, failure: null }
  const message = `The secret ${missing} is not stored.`
  return { ...work, failure: { code: 'secret_missing', message, hint: `Run \`signalbox secret set ${missing}\`.` } }
}
