import type { RuleStep, RuleTrigger } from '../../../shared/rule.ts'

/** A trigger of a kind, with nothing filled in that only a person knows. */
export function newTrigger(kind: RuleTrigger['kind']): Record<string, unknown> {
  switch (kind) {
    case 'event':
      return { kind, events: ['agent.error'] }
    case 'schedule':
      return { kind, cron: '0 9 * * 1-5', time_zone: null, missed: 'skip' }
    case 'github':
      return { kind, events: ['github.issue.created'], repositories: [] }
    case 'webhook':
      return { kind, hook: '' }
    case 'file':
      return { kind, path: '', changes: ['created', 'changed', 'removed'], debounce_ms: 300 }
    case 'sqlite':
      return { kind, file: '', query: '', every_s: 5, key: null, emits: 'db.record.created' }
    case 'postgres':
      return { kind, connection: '', channel: '', emits: 'db.record.created' }
    default:
      return kind satisfies never
  }
}

/** A step of a kind under a name that is free. */
export function newStep(kind: RuleStep['kind'], taken: readonly string[]): Record<string, unknown> {
  const name = freeName(kind, taken)
  const rest = { condition: null, timeout_s: null, on_failure: 'stop' }
  switch (kind) {
    case 'tool':
      return { name, kind, server: '', tool: '', arguments: {}, ...rest }
    case 'http':
      return { name, kind, method: 'POST', url: '', headers: {}, body: null, ...rest }
    case 'notify':
      return { name, kind, title: '', message: '', severity: 'info', ...rest }
    case 'approval':
      return { name, kind, message: '', ...rest }
    default:
      return kind satisfies never
  }
}

function freeName(kind: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? kind : `${kind}_${number}`
    if (!taken.includes(name)) return name
  }
}
