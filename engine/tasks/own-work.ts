import type { ServerId } from '../../shared/ids.ts'
import type { GatedCall } from '../limits/gated-call.ts'
import type { TaskRepo } from '../store/store.ts'
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

interface Parts {
  readonly tasks: Pick<TaskRepo, 'insert' | 'update'>
  readonly all: LiveTasks
}

/** Puts the work on record, queued, and hands it to whoever does it. */
export async function openWork({ tasks, all }: Parts, live: LiveTask, work: OwnWork): Promise<OpenWork> {
  const { task_id, agent, action, origin, parent_id, rerun_of, created_at } = live.summary
  const { parameters, timeoutMs: timeout_ms } = work
  const row = { task_id, agent, action, origin, parent_id, rerun_of, created_at, timeout_ms, parameters }
  await tasks.insert(row, [live.note('status', { status: 'queued' })])
  all.add(live)
  all.announce(live, true)
  return {
    call: all.gated(live, JSON.stringify(parameters)),
    run: async () => {
      const begun = { status: 'running' as const, started_at: new Date().toISOString() }
      live.patch(begun)
      await tasks.update(task_id, begun, [live.note('status', { status: begun.status })])
      all.announce(live)
    },
    finish: (outcome) => all.finish(live, outcome),
  }
}
