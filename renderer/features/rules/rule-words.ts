import type { DomainEventName } from '../../../shared/domain-event.ts'
import type { NewRule, RuleLimits, RuleStep, RuleTrigger } from '../../../shared/rule.ts'
import { countOf } from '../../ui/format.ts'
import { cronWords } from './cron-words.ts'

export const triggerKinds = [
  { value: 'event', label: 'Something happened here' },
  { value: 'github', label: 'GitHub tells of something' },
  { value: 'webhook', label: 'A signed webhook comes' },
  { value: 'schedule', label: 'It is time' },
  { value: 'file', label: 'A file changes' },
  { value: 'sqlite', label: 'A SQLite query has new rows' },
  { value: 'postgres', label: 'PostgreSQL notifies' },
] as const satisfies readonly { value: RuleTrigger['kind']; label: string }[]

export const stepKinds = [
  { value: 'tool', label: 'Call a tool' },
  { value: 'http', label: 'Call an address' },
  { value: 'notify', label: 'Notify me' },
  { value: 'approval', label: 'Wait for my yes' },
] as const satisfies readonly { value: RuleStep['kind']; label: string }[]

export const eventWords: Readonly<Record<DomainEventName, string>> = {
  'agent.task.completed': 'a task completed',
  'agent.task.cancelled': 'a task was cancelled',
  'agent.error': 'a task failed',
  'server.ready': 'a server became ready',
  'server.failed': 'a server failed',
  'server.stopped': 'a server stopped',
  'client.seen': 'a client was seen',
  'approval.asked': 'a call asked for a yes',
  'approval.decided': 'a call was answered',
  'github.issue.created': 'an issue was opened',
  'github.issue.updated': 'an issue changed',
  'github.pr.created': 'a pull request was opened',
  'github.pr.updated': 'a pull request changed',
  'github.event.received': 'any other event came',
  'webhook.received': 'a webhook came',
  'schedule.due': 'it was time',
  'file.changed': 'a file changed',
  'db.record.created': 'a row was added',
  'db.alert.triggered': 'a query found rows',
  'rule.run.completed': 'a rule ran',
  'rule.run.failed': 'a rule failed',
}

/** What fires a rule, as a clause after "when". */
export function triggerWords(trigger: RuleTrigger): string {
  switch (trigger.kind) {
    case 'event':
      return trigger.events.map((name) => eventWords[name]).join(' or ')
    case 'github': {
      const where = trigger.repositories.length === 0 ? 'any repository' : trigger.repositories.join(', ')
      return `${trigger.events.map((name) => eventWords[name]).join(' or ')} in ${where}`
    }
    case 'webhook':
      return `the webhook ${trigger.hook} comes`
    case 'schedule':
      return `it is ${cronWords(trigger.cron)}${trigger.time_zone === null ? '' : ` in ${trigger.time_zone}`}`
    case 'file':
      return `${trigger.path} is ${trigger.changes.join(' or ')}`
    case 'sqlite':
      return trigger.emits === 'db.record.created'
        ? `a query of ${fileName(trigger.file)} has a new row`
        : `a query of ${fileName(trigger.file)} finds rows`
    case 'postgres':
      return `PostgreSQL notifies ${trigger.channel}`
    default:
      return trigger satisfies never
  }
}

/** What one step does. */
export function stepWords(step: RuleStep): string {
  switch (step.kind) {
    case 'tool':
      return `${step.tool} of ${step.server}`
    case 'http':
      return `${step.method} ${step.url}`
    case 'notify':
      return `notify: ${step.title}`
    case 'approval':
      return `wait for a yes: ${step.message}`
    default:
      return step satisfies never
  }
}

/** The steps in one line: `create_branch, notify`. */
export function stepsWords({ steps }: Pick<NewRule, 'steps'>): string {
  return steps.map((step) => (step.kind === 'tool' ? step.tool : step.kind)).join(', ')
}

/** `60 in 60 s, 1 at a time` */
export function limitsWords({ rate, concurrency }: RuleLimits): string {
  return `${countOf(rate.runs, 'run')} in ${rate.per_s} s, ${concurrency} at a time`
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
