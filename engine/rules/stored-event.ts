import type { DomainEvent } from '../../shared/domain-event.ts'

/** Characters of an event's JSON that are kept with a run. */
const mostKept = 256 * 1024

/** The event as it is kept with a run: a payload that is too large gives way to a note of that. */
export function storedEvent(event: DomainEvent): DomainEvent {
  const length = JSON.stringify(event.payload).length
  if (length <= mostKept) return event
  // It is only shown and told of as cut; nothing acts on it.
  return { ...event, payload: { cut: `${length} characters, more than are kept` } } as unknown as DomainEvent
}
