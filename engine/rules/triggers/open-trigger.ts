import type { Rule } from '../../../shared/rule.ts'
import type { EventBus } from '../../events/event-bus.ts'
import type { Host } from '../../host.ts'
import type { News } from '../../news.ts'
import type { Masker } from '../../secrets/masker.ts'
import { FileTrigger } from './file-trigger.ts'
import { fillSources } from './fill-sources.ts'
import { PostgresTrigger } from './postgres-trigger.ts'
import type { ScheduleMemory } from './schedule-memory.ts'
import { ScheduleTrigger } from './schedule-trigger.ts'
import { SqliteTrigger } from './sqlite-trigger.ts'
import type { Trigger } from './trigger.ts'

export interface TriggerParts {
  readonly bus: EventBus
  readonly host: Pick<Host, 'storeWorker' | 'env' | 'vault'>
  readonly masker: Masker
  readonly memory: ScheduleMemory
  readonly raise: News['raise']
}

/** Begins to watch what a rule itself watches; null where its events come from elsewhere. */
export function openTrigger(rule: Rule, parts: TriggerParts, onChange: () => void): Trigger | null {
  const { bus, host, memory, raise } = parts
  const { trigger } = rule
  switch (trigger.kind) {
    case 'schedule':
      return new ScheduleTrigger(rule, trigger, { bus, memory, raise }, onChange)
    case 'file':
      return new FileTrigger(rule, trigger, bus, onChange)
    case 'sqlite':
      return new SqliteTrigger(rule, trigger, { bus, worker: host.storeWorker }, onChange)
    case 'postgres':
      return new PostgresTrigger(rule, trigger, { bus, fill: (text) => fillSources(text, parts) }, onChange)
    case 'event':
    case 'github':
    case 'webhook':
      return null
    default:
      return trigger satisfies never
  }
}
