import type { Failure } from '../../shared/app-error.ts'
import {
  eventNamesOf,
  type Rule,
  type RuleId,
  type RuleRun,
  type RuleView,
  type SampleEvent,
  type TestVerdict,
} from '../../shared/rule.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { TaskEnd } from '../events/task-end.ts'
import type { ToldEnds } from '../events/told-ends.ts'
import type { News } from '../news.ts'
import { LiveRule, type LiveRuleParts, type Verdict } from './live-rule.ts'
import { readSample } from './read-sample.ts'
import type { ReadyRule, RuleBook } from './rule-book.ts'
import type { Trigger } from './triggers/trigger.ts'

interface Parts extends Omit<LiveRuleParts, 'onChange' | 'onEnded'> {
  readonly book: RuleBook
  readonly bus: EventBus
  readonly publish: News['publish']
  readonly raise: News['raise']
  readonly lastRuns: readonly RuleRun[]
  /** Of the life before: nobody was there to tell of their end. */
  readonly cutShort: readonly RuleRun[]
  /** Of the life before, too: ends of calls that it may not have told of. */
  readonly untold: readonly TaskEnd[]
  readonly ends: ToldEnds
  /** Begins to watch what a rule itself watches; null where its events come from elsewhere. */
  openTrigger(rule: Rule, onChange: () => void): Trigger | null
  /** Told of a rule that is gone for good. */
  onRemoved(id: RuleId): Promise<void>
}

/** A rule that is enabled: it listens, and watches. */
interface Acting {
  readonly live: LiveRule
  readonly subscription: Disposable
  readonly trigger: Trigger | null
}

/** Events that wait to be looked at by one rule: some seconds of the fastest clients. */
const mostWaiting = 10_000
const missedPauseMs = 60_000

/** All rules: those that are enabled act, and every face sees how they fare. */
export class Rules implements AsyncDisposable {
  readonly book: RuleBook
  readonly #parts: Parts
  readonly #acting = new Map<RuleId, Acting>()
  /** Of rules that were changed meanwhile: they end as they began. */
  readonly #retired = new Set<LiveRule>()
  readonly #lastRuns: Map<RuleId, RuleRun>
  readonly #stale = new Set<RuleId>()
  readonly #missedAt = new Map<RuleId, number>()
  #isOver = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.book = parts.book
    this.#lastRuns = new Map(parts.lastRuns.map((run) => [run.rule, run]))
    this.book.onChange = (id, ready) => this.#changed(id, ready)
  }

  /** Lets the rules that are enabled act, once what they may call can be called, and tells them what the life before did not. */
  start(): void {
    for (const end of this.#parts.untold) this.#parts.ends.begin(end)
    for (const ready of this.book.list()) if (ready.rule.enabled) this.#begin(ready)
    for (const run of this.#parts.cutShort) {
      // What they set off now is as deep below them as it would have been then.
      this.#parts.lineage.begin(run.id, run.depth)
      this.#ended(run)
    }
    void this.#tellEnds()
  }

  /** @throws AppError `unknown_rule` (404). */
  view(id: RuleId): RuleView {
    const { rule } = this.book.get(id)
    const acting = this.#acting.get(id)
    const last = this.#lastRuns.get(id)
    const { problem, running, waiting, unmet } = acting?.live.state ?? idle
    return {
      ...rule,
      problem: problem ?? acting?.trigger?.problem ?? null,
      next_due: acting?.trigger?.nextDue ?? null,
      running,
      waiting,
      unmet,
      last_run:
        last === undefined
          ? null
          : { id: last.id, status: last.status, created_at: last.created_at, finished_at: last.finished_at },
    }
  }

  views(): RuleView[] {
    return this.book.list().map(({ rule }) => this.view(rule.id))
  }

  /** A rule as it takes a marked sample, enabled or not; its steps are really done. @throws AppError `unknown_rule` (404). */
  async test(id: RuleId, sample: SampleEvent | null): Promise<TestVerdict> {
    const ready = this.book.get(id)
    const event = readSample(ready.rule, sample)
    const acting = this.#acting.get(id)?.live
    const live = acting ?? this.#live(ready)
    const verdict = await live.take(event)
    if (acting === undefined) this.#letEnd(live)
    switch (verdict.kind) {
      case 'accepted':
        return { event, verdict: 'accepted', failure: null, run: verdict.run }
      case 'refused':
        return { event, verdict: 'refused', failure: verdict.run.failure, run: verdict.run }
      case 'unmet':
        return { event, verdict: 'unmet', failure: unmet(verdict), run: null }
      case 'suspended':
        return { event, verdict: 'suspended', failure: verdict.failure, run: null }
      case 'not_its_event':
      case 'met_before':
        return { event, verdict: 'not_its_event', failure: notIts(event.name), run: null }
      default:
        return verdict satisfies never
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    // What they have not heard by now is not taken for heard when they go.
    await this.#parts.ends[Symbol.asyncDispose]()
    await Promise.all([...this.#acting.keys()].map((id) => this.#end(id)))
    await Promise.all([...this.#retired].map((live) => live[Symbol.asyncDispose]()))
  }

  /** Each to the rules that were there when it came; what has a run of it already takes it for met. */
  async #tellEnds(): Promise<void> {
    for (const end of this.#parts.untold) {
      const told = [...this.#acting.values()].filter(({ live }) => live.ready.rule.changed_at <= end.at)
      try {
        for (const { live } of told) if (!this.#isOver) await live.take(end)
      } catch {
        // The store tells its own troubles; this end is told again at the next start.
        continue
      }
      if (this.#isOver) return
      this.#parts.ends.through(end)
    }
  }

  #changed(id: RuleId, ready: ReadyRule | null): void {
    if (ready?.rule.enabled) {
      this.#retire(id)
      this.#begin(ready)
    } else {
      // What it did is ended with it: that is what switching it off is for.
      void this.#end(id)
    }
    if (ready !== null) this.#tell(id)
    else {
      this.#parts.publish({ type: 'rule.removed', id })
      // What would be left of it is one line that nobody reads.
      this.#parts.onRemoved(id).catch(() => {})
    }
  }

  #live(ready: ReadyRule): LiveRule {
    const onChange = (): void => this.#tell(ready.rule.id)
    return new LiveRule(ready, { ...this.#parts, onChange, onEnded: (run) => this.#ended(run) })
  }

  #begin(ready: ReadyRule): void {
    const { id } = ready.rule
    const { bus, openTrigger } = this.#parts
    const live = this.#live(ready)
    const subscription = bus.subscribe(
      eventNamesOf(ready.rule.trigger),
      async (event) => {
        // A sample for one rule is handed to that rule itself.
        if (!event.sample) await live.take(event)
      },
      { queue: mostWaiting, onDropped: () => this.#missed(ready.rule) },
    )
    const trigger = openTrigger(ready.rule, () => this.#tell(id))
    this.#acting.set(id, { live, subscription, trigger })
  }

  /** More came at once than may wait for a rule. What it never saw leaves no run, so a person hears of it, once a minute. */
  #missed({ id, name }: Rule): void {
    const now = performance.now()
    if (now - (this.#missedAt.get(id) ?? -Infinity) < missedPauseMs) return
    this.#missedAt.set(id, now)
    const message = `Events came faster than ${name} could look at them, and some are lost to it.`
    this.#parts.raise({ severity: 'caution', server: null, task_id: null, title: 'Events missed', message })
  }

  async #end(id: RuleId): Promise<void> {
    const live = this.#quiet(id)
    await live?.[Symbol.asyncDispose]()
  }

  /** It hears nothing more; what it has begun, it ends. */
  #retire(id: RuleId): void {
    const live = this.#quiet(id)
    if (live !== null) this.#letEnd(live)
  }

  #letEnd(live: LiveRule): void {
    this.#retired.add(live)
    void live.settled().then(() => this.#retired.delete(live))
  }

  #quiet(id: RuleId): LiveRule | null {
    const acting = this.#acting.get(id)
    if (acting === undefined) return null
    this.#acting.delete(id)
    acting.subscription[Symbol.dispose]()
    void acting.trigger?.[Symbol.asyncDispose]()
    return acting.live
  }

  #ended(run: RuleRun): void {
    // An earlier one may end later: ids sort by the order of beginning.
    const last = this.#lastRuns.get(run.rule)
    if (last === undefined || last.id <= run.id) this.#lastRuns.set(run.rule, run)
    this.#tell(run.rule)
    const { bus, raise } = this.#parts
    const { rule, rule_name, id, event_name, failure, status } = run
    if (status === 'refused') {
      if (failure?.code !== 'loop_stopped') return
      raise({ severity: 'caution', server: null, task_id: null, title: 'Loop stopped', message: failure.message })
      return
    }
    const name = status === 'completed' ? 'rule.run.completed' : 'rule.run.failed'
    bus.publish(name, { rule, name: rule_name, run_id: id, event: event_name, failure })
  }

  /** Many changes of one moment are one. */
  #tell(id: RuleId): void {
    if (this.#isOver || this.#stale.has(id)) return
    this.#stale.add(id)
    setImmediate(() => {
      this.#stale.delete(id)
      if (this.#isOver || !this.book.has(id)) return
      this.#parts.publish({ type: 'rule.changed', rule: this.view(id) })
    })
  }
}

function unmet({ condition, problem }: Extract<Verdict, { kind: 'unmet' }>): Failure {
  const which = `Condition ${condition + 1}`
  const hint = 'Try the rule with this event in a dry run.'
  if (problem === null) return { code: 'condition_unmet', message: `${which} is not met.`, hint }
  return { code: problem.code, message: `${which}: ${problem.message}`, hint }
}

function notIts(name: string): Failure {
  return { code: 'not_its_event', message: `Its trigger does not wait for this ${name}.`, hint: null }
}

const idle = { problem: null, running: 0, waiting: 0, unmet: 0 } as const
