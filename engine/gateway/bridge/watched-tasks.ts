import type { ServerId } from '../../../shared/ids.ts'
import { metaKeys } from '../../links/protocol.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import { keepSubscribed } from './keep-subscribed.ts'
import { reach } from './reach.ts'
import { tasksExtension } from './tasks-extension.ts'

/** Told what a server says of a task: the JSON of its `params`. */
export type TaskWatcher = (paramsText: string) => void

const meta = { [metaKeys.clientCapabilities]: JSON.stringify({ extensions: { [tasksExtension]: {} } }) }

/** What clients want to hear of their tasks at modern servers: one subscription upstream for each that a client holds. */
export class WatchedTasks {
  readonly #supervisor: Supervisor
  readonly #watchers = new Map<string, Set<TaskWatcher>>()

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor
  }

  /** Watches tasks of one server until the signal fires; false where it cannot be reached or knows no such thing. */
  async watch(server: ServerId, watchers: ReadonlyMap<string, TaskWatcher>, signal: AbortSignal): Promise<boolean> {
    const reached = await reach(this.#supervisor, server, signal)
    if (reached.kind === 'unreachable' || reached.link.info.era !== 'modern') return false
    for (const [taskId, watcher] of watchers) {
      const key = keyOf(server, taskId)
      const all = this.#watchers.get(key) ?? new Set()
      this.#watchers.set(key, all.add(watcher))
      signal.addEventListener('abort', () => this.#release(key, watcher), { once: true })
      if (signal.aborted) this.#release(key, watcher)
    }
    // Between two streams nothing was told, and what a task came to can be asked for.
    const subscription = { notifications: { taskIds: [...watchers.keys()] }, meta, onAgain() {} }
    void keepSubscribed(reached.link, subscription, signal)
    return true
  }

  /** A server says how a task of its stands. */
  told(server: ServerId, taskId: string, paramsText: string): void {
    for (const watcher of this.#watchers.get(keyOf(server, taskId)) ?? []) watcher(paramsText)
  }

  #release(key: string, watcher: TaskWatcher): void {
    const all = this.#watchers.get(key)
    all?.delete(watcher)
    if (all?.size === 0) this.#watchers.delete(key)
  }
}

const keyOf = (server: ServerId, taskId: string): string => `${server}\n${taskId}`
