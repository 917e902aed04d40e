import type { TaskId } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import type { LogPipeline } from '../logs/log-pipeline.ts'
import type { LogStore } from '../store/store.ts'
import type { TaskRunner } from './task-runner.ts'

interface Parts {
  readonly tasks: Pick<TaskRunner, 'get'>
  readonly logs: Pick<LogPipeline, 'flush'>
  readonly logStore: Pick<LogStore, 'list'>
}

/** Most lines shown beside one task. */
const mostLines = 500

/** What its server logged while a task ran, oldest first. */
export async function logsOfTask(id: TaskId, { tasks, logs, logStore }: Parts): Promise<LogLine[]> {
  const task = await tasks.get(id)
  await logs.flush()
  const span = { from: task.started_at ?? task.created_at, to: task.finished_at ?? new Date().toISOString() }
  const { items } = await logStore.list({ server: [task.agent], span, limit: mostLines })
  return items.reverse()
}
