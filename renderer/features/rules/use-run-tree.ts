import { useState } from 'react'
import type { TaskId } from '../../../shared/ids.ts'
import { type RuleRun, type StepOutcome, stepOutcomeSchema } from '../../../shared/rule.ts'
import { isFinished, type TaskEvent, type TaskSummary } from '../../../shared/task.ts'
import { useSnapshot, useStream } from '../../client/hooks.ts'
import type { RunState } from './run-look.tsx'

export interface TreeStep {
  readonly name: string
  readonly kind: string
  readonly status: StepOutcome['status'] | 'running' | 'waiting'
  readonly taskId: TaskId | null
  readonly failure: StepOutcome['failure']
}

export interface RunTree {
  readonly status: RunState
  readonly steps: readonly TreeStep[]
}

interface Live {
  readonly task: TaskSummary | null
  readonly events: readonly TaskEvent[]
}

/** A run with its steps as they begin and end; a run that is over is as it is stored. */
export function useRunTree(run: RuleRun): RunTree {
  const planned = useSnapshot((snapshot) => snapshot.rules.find(({ id }) => id === run.rule)?.steps)
  const child = useSnapshot((snapshot) => snapshot.running.find(({ parent_id }) => parent_id === run.id)?.task_id)
  const [live, setLive] = useState<Live>({ task: null, events: [] })
  const isOpen = run.finished_at === null && run.status !== 'refused'
  useStream(
    isOpen ? run.id : null,
    (engine, signal) => engine.tasks.follow({ task_id: run.id, after: live.events.at(-1)?.number ?? 0 }, { signal }),
    ({ task, events }) => setLive((before) => ({ task, events: [...before.events, ...events] })),
  )
  if (!isOpen) return { status: run.status, steps: run.steps.map(treeStep) }
  return {
    status: live.task?.status ?? run.status,
    steps: withPlanned(stepsOf(live.events), planned ?? [], child ?? null),
  }
}

/** One task of a step, as it is now. */
export function useLiveTask(id: TaskId | null): TaskSummary | null {
  const [task, setTask] = useState<TaskSummary | null>(null)
  useStream(
    id !== null && (task === null || !isFinished(task.status)) ? id : null,
    (engine, signal) => engine.tasks.follow({ task_id: id! }, { signal }),
    (item) => setTask(item.task),
  )
  return task
}

/** The steps that the time line of a run tells of, in the order of their end. */
export function stepsOf(events: readonly TaskEvent[]): TreeStep[] {
  return events.flatMap(({ kind, data }) => (kind === 'step' ? [treeStep(stepOutcomeSchema.parse(data))] : []))
}

/** Steps that were told, then the one that is at work, then those that it has not come to. */
export function withPlanned(
  told: readonly TreeStep[],
  planned: readonly { name: string; kind: string }[],
  child: TaskId | null,
): TreeStep[] {
  const isStopped = told.some(({ status }) => status !== 'completed' && status !== 'skipped')
  const ahead = isStopped ? [] : planned.filter(({ name }) => !told.some((step) => step.name === name))
  return [
    ...told,
    ...ahead.map(({ name, kind }, index): TreeStep => {
      const isNow = index === 0
      return { name, kind, status: isNow ? 'running' : 'waiting', taskId: isNow ? child : null, failure: null }
    }),
  ]
}

function treeStep({ name, kind, status, task_id, failure }: StepOutcome): TreeStep {
  return { name, kind, status, taskId: task_id, failure }
}
