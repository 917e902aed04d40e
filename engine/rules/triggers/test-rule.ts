import type { DomainEvent } from '../../../shared/domain-event.ts'
import { uuidV7 } from '../../../shared/ids.ts'
import { newRuleSchema, type Rule, type RuleId, type TriggerOf } from '../../../shared/rule.ts'
import { EventBus } from '../../events/event-bus.ts'

/** A rule with a trigger, as it would be read from the store. */
export function ruleWith<K extends TriggerOf<never>['kind'] | string>(
  trigger: Record<string, unknown> & { kind: K },
  changed_at = new Date().toISOString(),
): Rule {
  const steps = [{ kind: 'notify', name: 'tell', title: 'x', message: 'y' }]
  const rule = newRuleSchema.parse({ name: 'watches', enabled: true, trigger, steps })
  return { ...rule, id: uuidV7() as RuleId, created_at: changed_at, changed_at }
}

/** A bus, and what is said on it one after the other. */
export interface HeardBus extends Disposable {
  readonly bus: EventBus
  readonly heard: DomainEvent[]
  next(): Promise<DomainEvent>
}

export function heardBus(): HeardBus {
  const bus = new EventBus({
    onFailure: (error) => {
      throw error
    },
  })
  const heard: DomainEvent[] = []
  let given = 0
  let wake = Promise.withResolvers<void>()
  const subscription = bus.subscribe('all', (event) => {
    heard.push(event)
    wake.resolve()
    wake = Promise.withResolvers()
  })
  return {
    bus,
    heard,
    async next() {
      while (heard.length <= given) await wake.promise
      return heard[given++]!
    },
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  }
}
