import { isGranted } from '../../../shared/client.ts'
import type { DomainEvent, DomainEventName } from '../../../shared/domain-event.ts'
import type { Server } from '../../../shared/server.ts'
import type { EngineEvent } from '../../../shared/snapshot.ts'
import type { Caller, CallerBook } from '../../gateway/caller.ts'
import { isOwn, ownTasks } from '../../tasks/own-tasks.ts'

/** Whose eyes a topic is seen with; null: the owner's, who sees everything. */
export type View = ClientView | null

/** A client as it stands now: the person may rename it, switch what it may reach, or revoke it while it is connected. */
export interface ClientView {
  caller: Caller
  token: string
  isRevoked: boolean
}

/** The clients that are or were connected, kept up to date; one view a client, for its topics outlive its sockets. */
export class ClientViews {
  readonly #book: Pick<CallerBook, 'callerOf'>
  readonly #views = new Map<string, ClientView>()

  constructor(book: Pick<CallerBook, 'callerOf'>) {
    this.#book = book
  }

  /** Of a request that the guard has let in. */
  of(client: string, caller: Caller, token: string): ClientView {
    const view = this.#views.get(client) ?? { caller, token, isRevoked: false }
    this.#views.set(client, Object.assign(view, { caller, token, isRevoked: false }))
    return view
  }

  /** What they may do has changed. */
  refresh(): void {
    for (const view of this.#views.values()) {
      const caller = this.#book.callerOf(view.token)
      view.isRevoked = caller === null
      if (caller !== null) view.caller = caller
    }
  }
}

/** What there is to see of a change of tasks or servers; null: nothing. */
export function seen(event: EngineEvent, topic: 'tasks' | 'servers', view: View): unknown {
  if (view?.isRevoked) return null
  switch (event.type) {
    case 'task.changed': {
      if (topic !== 'tasks') return null
      const only = view === null ? undefined : ownTasks(view.caller)
      if (only !== undefined && !isOwn(event.task, only)) return null
      return { type: event.type, task: event.task }
    }
    case 'server.changed': {
      if (topic !== 'servers') return null
      if (view === null) return event
      if (!isGranted(view.caller.profile, event.server.id)) return null
      return { type: event.type, server: glimpse(event.server) }
    }
    case 'server.removed':
      if (topic !== 'servers' || (view !== null && !isGranted(view.caller.profile, event.id))) return null
      return event
    default:
      return null
  }
}

/** Facts that a client may hear: how its own tasks ended. */
export function isHeardByClients(name: DomainEventName): boolean {
  return endsOfTasks.includes(name)
}

const endsOfTasks: readonly DomainEventName[] = ['agent.task.completed', 'agent.task.cancelled', 'agent.error']

/** Whether a fact is told to somebody who follows its name. */
export function isHeard(event: DomainEvent, view: View): boolean {
  if (view === null) return true
  const only = ownTasks(view.caller)
  if (view.isRevoked || only === undefined) return false
  switch (event.name) {
    case 'agent.task.completed':
    case 'agent.task.cancelled':
    case 'agent.error':
      return isOwn(event.payload, only)
    default:
      return false
  }
}

/** Why a server fails, what it is started with and what it last said are the owner's. */
function glimpse({ id, state, since, tools }: Server): Pick<Server, 'id' | 'state' | 'since' | 'tools'> {
  return { id, state, since, tools }
}
