import type { ServerId } from '../../shared/ids.ts'
import type { GatedCall } from '../limits/gated-call.ts'
import type { LiveTask } from './live-task.ts'
import type { LiveTasks } from './live-tasks.ts'
import type { Outcome } from './outcome.ts'

/** Work of ours that is no call of a tool. */
export interface OwnWork {
  readonly agent: ServerId
  readonly action: string
  readonly parameters: Record<string, unknown>
  readonly timeoutMs: number
}

/** A task that its owner ends. */
export interface OpenWork {
  /** Its id, its time line, its signal, and how it waits for a person. */
  readonly call: GatedCall
  /** It is begun. */
  run(): Promise<void>
  /** Once, and then nothing more. */
  finish(outcome: Outcome): Promise<void>
}

/** Puts the work on record, queued, and hands it to whoever does it. */
export async function openWork(all: LiveTasks, live: LiveTask, work: OwnWork): Promise<OpenWork> {
  const { task_id, agent, action, origin, parent_id, rerun_of, created_at } = live.summary
  const { parameters, timeoutMs: timeout_ms } = work
  const row = { task_id, agent, action, origin, parent_id, rerun_of, created_at, timeout_ms, parameters }
  await all.begin(live, row, live.note('status', { status: 'queued' }))
  return {
    call: all.gated(live, JSON.stringify(parameters)),
    run: () => all.run(live),
    finish: (outcome) => all.finish(live, outcome),
  }
}
