import type { Cron } from 'croner'
import type { Failure } from '../../../shared/app-error.ts'
import { failureOf } from '../../../shared/app-error.ts'
import type { Rule, TriggerOf } from '../../../shared/rule.ts'
import type { EventBus } from '../../events/event-bus.ts'
import type { News } from '../../news.ts'
import { dueBetween, readSchedule } from './due-times.ts'
import type { ScheduleMemory } from './schedule-memory.ts'
import type { Trigger } from './trigger.ts'

interface Parts {
  readonly bus: EventBus
  readonly memory: Pick<ScheduleMemory, 'get' | 'set'>
  readonly raise: News['raise']
  readonly now?: () => Date
}

/** Timers stand still while the machine sleeps, so the clock is looked at this often. */
const longestWaitMs = 30_000
/** A time that is this long past was missed; nobody was there to act on it. */
const graceMs = 60_000

/** Says when a rule's schedule is due. Times that were missed are told and never made up for one by one. */
export class ScheduleTrigger implements Trigger {
  readonly #rule: Rule
  readonly #trigger: TriggerOf<'schedule'>
  readonly #parts: Parts
  readonly #now: () => Date
  readonly #schedule: Cron
  readonly #onChange: () => void
  #from: Date
  #next: Date | null = null
  #timer: NodeJS.Timeout | null = null
  #written: Promise<void> = Promise.resolve()
  problem: Failure | null = null

  constructor(rule: Rule, trigger: TriggerOf<'schedule'>, parts: Parts, onChange: () => void) {
    this.#rule = rule
    this.#trigger = trigger
    this.#parts = parts
    this.#now = parts.now ?? (() => new Date())
    this.#onChange = onChange
    this.#schedule = readSchedule(trigger)
    // What passed before the rule was as it is now is none of its business.
    const changed = new Date(rule.changed_at)
    const seen = parts.memory.get(rule.id)
    this.#from = seen !== null && seen > changed ? seen : changed
    this.look()
  }

  get nextDue(): string | null {
    return this.#next?.toISOString() ?? null
  }

  /** Acts on what is due by now, and waits for what comes next. */
  look(): void {
    const now = this.#now()
    // The clock was put back: what was looked after is not due again.
    if (now < this.#from) this.#from = now
    const { count, last } = dueBetween(this.#schedule, this.#from, now)
    if (last !== null) this.#due(count, last, now)
    this.#from = now
    if (last !== null || this.#next === null) this.#remember(now)
    const next = this.#schedule.nextRun(now)
    if (next?.getTime() !== this.#next?.getTime()) {
      this.#next = next
      this.#onChange()
    }
    if (next === null) return
    const waitMs = Math.min(longestWaitMs, next.getTime() - now.getTime())
    this.#timer = setTimeout(() => this.look(), waitMs)
    this.#timer.unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#written
  }

  #due(count: number, last: Date, now: Date): void {
    const isOnTime = now.getTime() - last.getTime() <= graceMs
    const missed = isOnTime ? count - 1 : count
    const isMadeUp = this.#trigger.missed === 'once'
    if (missed > 0) this.#tellMissed(missed, isMadeUp)
    if (!isOnTime && !isMadeUp) return
    const { cron, time_zone } = this.#trigger
    this.#parts.bus.publish('schedule.due', {
      rule: this.#rule.id,
      cron,
      time_zone: time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      due_at: last.toISOString(),
      missed: count - 1,
    })
  }

  #tellMissed(missed: number, isMadeUp: boolean): void {
    const times = missed === 1 ? '1 time' : `${missed} times`
    const what = isMadeUp ? 'It runs once for all of them.' : 'Nothing is made up for.'
    const message = `${times} of ${this.#rule.name} passed while Signalbox was off or asleep. ${what}`
    this.#parts.raise({ severity: 'info', server: null, task_id: null, title: 'Schedule missed', message })
  }

  #remember(at: Date): void {
    this.#written = this.#written
      .then(() => this.#parts.memory.set(this.#rule.id, at))
      .catch((error: unknown) => {
        this.problem = failureOf(error)
        this.#onChange()
      })
  }
}
