import { AppError } from '../../shared/app-error.ts'
import { type ServerId, uuidV7 } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import type { EngineEvent } from '../../shared/snapshot.ts'
import { isFinished, type Task, type TaskEvent, type TaskSummary } from '../../shared/task.ts'
import { callbackDecisions } from './fixture-callbacks.ts'
import { stream } from './fixture-stream.ts'

interface Parts {
  /** Newest first; calls are put into it. */
  readonly tasks: Task[]
  raise(event: EngineEvent): void
  total(): number
  lines(filter: { server?: readonly string[] }): LogLine[]
  /** Tells of each event until what it gives is called. */
  follow(reader: (event: EngineEvent) => void): () => void
}

/** What the page asks of tasks, over made-up ones. */
export function fixtureTasksApi({ tasks, raise, total, lines, follow }: Parts) {
  function findTask(id: string): Task {
    const task = tasks.find((one) => one.task_id === id)
    if (!task) throw new AppError('unknown_task', `No task has the id ${id}`, { hint: 'Look at the list of tasks.' })
    return task
  }

  function putTask(task: Task): void {
    const at = tasks.findIndex((one) => one.task_id === task.task_id)
    if (at < 0) tasks.unshift(task)
    else tasks[at] = task
    raise({ type: 'task.changed', task, tasks_total: total() + (at < 0 ? 1 : 0) })
  }

  function createTask(
    agent: string,
    action: string,
    parameters: Record<string, unknown>,
  ): { task_id: Task['task_id']; status: 'queued' } {
    const task: Task = {
      ...tasks[3]!,
      task_id: uuidV7() as Task['task_id'],
      agent: agent as ServerId,
      action,
      parameters,
      origin: 'page',
      status: 'running',
      created_at: new Date().toISOString(),
      finished_at: null,
      duration_ms: null,
      progress: { progress: 40, total: 100, message: 'working' },
      result: undefined,
    }
    putTask(task)
    setTimeout(() => {
      if (findTask(task.task_id).status !== 'running') return
      const result = { content: [{ type: 'text', text: 'Done by the fixture' }] }
      putTask({
        ...task,
        status: 'completed',
        finished_at: new Date().toISOString(),
        duration_ms: 2400,
        progress: null,
        result,
      })
    }, 2400)
    return { task_id: task.task_id, status: 'queued' }
  }

  function timeline(task: Task): TaskEvent[] {
    const took = task.duration_ms ?? 1000
    const event = (
      number: number,
      offset_ms: number,
      kind: TaskEvent['kind'],
      data: Record<string, unknown>,
    ): TaskEvent => ({
      id: uuidV7(),
      task_id: task.task_id,
      number,
      offset_ms,
      kind,
      data,
      at: new Date(Date.parse(task.created_at) + offset_ms).toISOString(),
    })
    const begun = [
      event(1, 0, 'status', { status: 'queued' }),
      event(2, 2, 'sent', { request_id: 7 }),
      event(3, 2, 'status', { status: 'running' }),
    ]
    const progress = [0.2, 0.4, 0.8].map((share, at) =>
      event(4 + at, took * share, 'progress', { progress: share * 100, total: 100, message: null }),
    )
    return [
      ...begun,
      ...progress,
      ...(isFinished(task.status) ? [event(7, took, 'status', { status: task.status })] : []),
      ...(task.origin === 'api' && isFinished(task.status)
        ? callbackDecisions.map((data, at) => event(8 + at, took + 20 + at * 4000, 'outbound', data))
        : []),
    ]
  }

  function matching(filter: {
    status?: readonly string[]
    agent?: readonly string[]
    action?: readonly string[]
    origin?: readonly string[]
    q?: string
  }): Task[] {
    const needle = filter.q?.toLowerCase()
    return tasks.filter(
      (task) =>
        (filter.status?.includes(task.status) ?? true) &&
        (filter.agent?.includes(task.agent) ?? true) &&
        (filter.action?.includes(task.action) ?? true) &&
        (filter.origin?.includes(task.origin) ?? true) &&
        (needle === undefined || `${task.action} ${JSON.stringify(task.parameters)}`.toLowerCase().includes(needle)),
    )
  }

  return {
    tasks: {
      create: async (input: { agent: string; action: string; parameters?: Record<string, unknown> }) =>
        createTask(input.agent, input.action, input.parameters ?? {}),
      rerun: async ({ task_id }: { task_id: string }) => {
        const task = findTask(task_id)
        return createTask(task.agent, task.action, task.parameters)
      },
      list: async (filter: Parameters<typeof matching>[0] & { before?: string; limit?: unknown }) => {
        const all = matching(filter)
        const from = Number(filter.before ?? 0)
        const limit = Number(filter.limit ?? 100)
        return {
          items: all.slice(from, from + limit) as TaskSummary[],
          next_before: from + limit < all.length ? String(from + limit) : null,
        }
      },
      facets: async (filter: Parameters<typeof matching>[0]) => {
        const all = matching(filter)
        const count = (key: 'status' | 'agent' | 'action' | 'origin') =>
          Object.entries(Object.groupBy(all, (task) => task[key])).map(([value, items]) => ({
            value,
            count: items?.length ?? 0,
          }))
        return {
          total: all.length,
          status: count('status'),
          agent: count('agent'),
          action: count('action'),
          origin: count('origin'),
        }
      },
      get: async ({ task_id }: { task_id: string }) => findTask(task_id),
      cancel: async ({ task_id }: { task_id: string }) => {
        const task = findTask(task_id)
        putTask({
          ...task,
          status: 'cancelled',
          finished_at: new Date().toISOString(),
          duration_ms: Date.now() - Date.parse(task.created_at),
        })
        return { task_id: task.task_id, status: 'cancelled' as const }
      },
      events: async ({ task_id }: { task_id: string }) => ({ items: timeline(findTask(task_id)) }),
      follow: async ({ task_id }: { task_id: string }, options?: { signal?: AbortSignal }) =>
        stream<{ events: TaskEvent[]; task: TaskSummary }>(options?.signal, (push) => {
          push({ events: timeline(findTask(task_id)), task: findTask(task_id) })
          const reader = (event: EngineEvent): void => {
            if (event.type === 'task.changed' && event.task.task_id === task_id)
              push({ events: timeline(findTask(task_id)).slice(-1), task: event.task })
          }
          return follow(reader)
        }),
      logs: async ({ task_id }: { task_id: string }) => ({
        items: lines({ server: [findTask(task_id).agent] }).slice(0, 9),
      }),
    },
  }
}
