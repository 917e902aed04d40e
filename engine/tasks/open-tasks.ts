import { failureOf } from '../../shared/app-error.ts'
import type { TaskId } from '../../shared/ids.ts'
import type { TaskSummary } from '../../shared/task.ts'
import { Callbacks } from '../callbacks/callbacks.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { SlugBook } from '../gateway/slug-book.ts'
import type { CallGate } from '../limits/call-gate.ts'
import type { CallTracing } from '../metrics/trace-context.ts'
import type { News } from '../news.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import type { CallRecorder, Store } from '../store/store.ts'
import { TaskRequests } from './task-requests.ts'
import { TaskRunner } from './task-runner.ts'

interface OpenTasksParts {
  readonly store: Store
  readonly calls: CallRecorder
  readonly supervisor: Supervisor
  readonly gate: CallGate
  readonly masker: Masker
  readonly outbound: OutboundClient
  readonly tracing: CallTracing
  /** What callbacks are signed with. */
  readonly callbackKey: string
  readonly version: string
  readonly isReadOnly: boolean
  readonly specs: () => readonly ServerSpec[]
  readonly slugs: Pick<SlugBook, 'of'>
  readonly raise: News['raise']
  readonly onChange: (task: TaskSummary, isNew: boolean) => void
}

interface OpenTasks extends AsyncDisposable {
  readonly tasks: TaskRunner
  /** What asks for tasks over the API. */
  readonly requests: TaskRequests
  readonly callbacks: Callbacks
}

/** The tasks, who asks for them, and who is called back when they end. */
export async function openTasks(parts: OpenTasksParts): Promise<OpenTasks> {
  const { store, calls, supervisor, gate, masker, tracing, outbound, callbackKey, version, isReadOnly, specs } = parts
  await using stack = new AsyncDisposableStack()
  const onFailure = (task_id: TaskId, error: unknown): void => {
    const { message } = failureOf(error)
    parts.raise({ severity: 'caution', server: null, task_id, title: 'A callback cannot be recorded', message })
  }
  const repos = { repo: store.callbacks, tasks: store.tasks }
  const callbacks = stack.use(
    await Callbacks.open({ ...repos, outbound, masker, key: callbackKey, version, onFailure }, !isReadOnly),
  )
  const onChange = (task: TaskSummary, isNew: boolean): void => {
    parts.onChange(task, isNew)
    callbacks.taskChanged(task)
  }
  const tasks = stack.use(new TaskRunner({ tasks: store.tasks, calls, supervisor, gate, masker, tracing, onChange }))
  const requests = new TaskRequests({
    runner: tasks,
    tasks: store.tasks,
    callbacks,
    idempotency: store.idempotency,
    specs,
    slugs: parts.slugs,
  })
  const owned = stack.move()
  return { tasks, requests, callbacks, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
