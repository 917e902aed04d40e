import type { DomainEvent } from '../../shared/domain-event.ts'
import { eventNamesOf, type Rule } from '../../shared/rule.ts'

/** Whether an event is one that a rule's trigger waits for. What a rule's own watch found is for that rule. */
export function isTriggeredBy({ id, trigger }: Pick<Rule, 'id' | 'trigger'>, event: DomainEvent): boolean {
  if (!eventNamesOf(trigger).includes(event.name)) return false
  switch (trigger.kind) {
    case 'event':
      return true
    case 'github':
      return isOfRepository(trigger.repositories, event)
    case 'webhook':
      return event.name === 'webhook.received' && event.payload.hook === trigger.hook
    case 'schedule':
    case 'file':
    case 'sqlite':
    case 'postgres':
      return 'rule' in event.payload && event.payload.rule === id
    default:
      return trigger satisfies never
  }
}

function isOfRepository(repositories: readonly string[], { payload }: DomainEvent): boolean {
  if (repositories.length === 0) return true
  if (!('repository' in payload) || payload.repository === undefined) return false
  // GitHub takes both parts of the name in any case.
  const name = payload.repository.full_name.toLowerCase()
  return repositories.some((repository) => repository.toLowerCase() === name)
}
