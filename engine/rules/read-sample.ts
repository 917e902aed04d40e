import { AppError } from '../../shared/app-error.ts'
import { type DomainEvent, domainEventSchema } from '../../shared/domain-event.ts'
import { eventNamesOf, type Rule, type SampleEvent } from '../../shared/rule.ts'
import { sampleEvent, samplePayloads } from './sample-events.ts'

/**
 * The event that a rule is tried with: what somebody wrote, filled in from the sample of its name and made to fit the
 * rule's own watch. @throws AppError `invalid_event` (400).
 */
export function readSample({ id, trigger }: Pick<Rule, 'id' | 'trigger'>, given: SampleEvent | null): DomainEvent {
  const name = given?.name ?? eventNamesOf(trigger)[0]!
  const payload: Record<string, unknown> = { ...samplePayloads[name], ...given?.payload }
  if ('rule' in payload && given?.payload.rule === undefined) payload.rule = id
  if (name === 'webhook.received' && given?.payload.hook === undefined && trigger.kind === 'webhook') {
    payload.hook = trigger.hook
  }
  if (trigger.kind === 'github' && 'repository' in payload && given?.payload.repository === undefined) {
    const [full_name] = trigger.repositories
    if (full_name !== undefined) payload.repository = { ...(payload.repository as object), full_name }
  }
  const read = domainEventSchema.safeParse(sampleEvent(name, payload))
  if (read.success) return read.data
  const [first] = read.error.issues
  throw new AppError('invalid_event', `${first?.path.join('.')}: ${first?.message}`, {
    status: 400,
    hint: `Write the payload as ${name} has it; GET /api/v1/rule-samples shows each.`,
  })
}
