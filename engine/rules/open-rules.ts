import { eventNamesOf } from '../../shared/rule.ts'
import type { ApprovalDesk } from '../approvals/approval-desk.ts'
import type { EventBus } from '../events/event-bus.ts'
import { endNames, type TaskEnd, taskEnd } from '../events/task-end.ts'
import type { ToldEnds } from '../events/told-ends.ts'
import type { Host } from '../host.ts'
import type { News } from '../news.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { Store } from '../store/store.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import type { CompiledStep } from './compile-rule.ts'
import { RuleBook } from './rule-book.ts'
import { Rules } from './rules.ts'
import { RunLineage } from './run-lineage.ts'
import { approvalStep } from './steps/approval-step.ts'
import { httpStep } from './steps/http-step.ts'
import { notifyStep } from './steps/notify-step.ts'
import type { StepContext, StepResult } from './steps/step-result.ts'
import { toolStep } from './steps/tool-step.ts'
import { openTrigger } from './triggers/open-trigger.ts'
import { ScheduleMemory } from './triggers/schedule-memory.ts'

interface OpenRulesParts {
  readonly store: Pick<Store, 'rules' | 'settings' | 'tasks' | 'access'>
  readonly bus: EventBus
  readonly ends: ToldEnds
  readonly tasks: TaskRunner
  readonly supervisor: Pick<Supervisor, 'spec' | 'listing'>
  readonly desk: ApprovalDesk
  readonly outbound: Pick<OutboundClient, 'send'>
  readonly host: Host
  readonly masker: Masker
  readonly startedAt: string
  readonly publish: News['publish']
  readonly raise: News['raise']
}

/** Ends of calls that one life tells for the life before it. Not more than the runs that are kept of a rule: by these it is known what ran. */
const mostUntold = 1_000

/** The rules of the store, ready to `start`; what the life before left running is closed. */
export async function openRules(parts: OpenRulesParts): Promise<Rules> {
  const { store, bus, ends, tasks, supervisor, desk, outbound, host, masker, publish, raise } = parts
  const cutShort = store.access === 'read_write' ? await store.rules.interruptRuns(parts.startedAt) : []
  const servers = {
    lookUp: (id: Parameters<Supervisor['spec']>[0]) =>
      supervisor.spec(id) === null ? null : { tools: supervisor.listing(id)?.tools ?? null },
  }
  const book = await RuleBook.open({ repo: store.rules, servers, masker })
  const lastRuns = await store.rules.lastRuns()
  const lineage = new RunLineage()
  const memory = await ScheduleMemory.open(store.settings)
  const untold = store.access === 'read_write' ? await untoldEnds() : []
  return new Rules({
    book,
    bus,
    repo: store.rules,
    tasks,
    lineage,
    doStep,
    publish,
    raise,
    lastRuns,
    cutShort,
    untold,
    ends,
    openTrigger: (rule, onChange) => openTrigger(rule, { bus, host, masker, memory, raise }, onChange),
    onRemoved: (id) => memory.forget(id),
  })

  /** Those that a rule waits for; where none does, nothing is looked up. */
  async function untoldEnds(): Promise<TaskEnd[]> {
    const enabled = book.list().filter(({ rule }) => rule.enabled)
    const heard = new Set(enabled.flatMap(({ rule }) => eventNamesOf(rule.trigger)))
    if (!endNames.some((name) => heard.has(name))) return []
    const ended = await store.tasks.endedSince(ends.since, mostUntold)
    const found = ended.flatMap((task) => taskEnd(task) ?? []).filter(({ name }) => heard.has(name))
    for (const parent of new Set(found.map(({ payload }) => payload.parent_id))) {
      const run = parent === null ? null : await store.rules.run(parent)
      if (run !== null) lineage.begin(run.id, run.depth)
    }
    return found
  }

  function doStep(step: CompiledStep, context: StepContext): Promise<StepResult> {
    switch (step.kind) {
      case 'tool':
        return toolStep(step, context, tasks)
      case 'notify':
        return notifyStep(step, context, { tasks, raise })
      case 'approval':
        return approvalStep(step, context, { tasks, desk })
      case 'http':
        return httpStep(step, context, { tasks, outbound, vault: host.vault, masker })
      default:
        return step satisfies never
    }
  }
}
