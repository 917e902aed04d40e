import type { TaskFilter } from '../../shared/contract.ts'
import type { TaskSummary } from '../../shared/task.ts'
import type { Caller } from '../gateway/caller.ts'

/** The tasks of one client: those of its origin, since it was made. Before that, its name may have been another's. */
export interface OwnTasks {
  readonly origin: string
  readonly since: string | undefined
}

/** Of a client; undefined for the owner, whose all are. */
export function ownTasks({ client, origin, since }: Pick<Caller, 'client' | 'origin' | 'since'>): OwnTasks | undefined {
  return client === null ? undefined : { origin, since }
}

export function isOwn({ origin, created_at }: Pick<TaskSummary, 'origin' | 'created_at'>, only: OwnTasks): boolean {
  return origin === only.origin && (only.since === undefined || created_at >= only.since)
}

/** A filter that lets nothing of others through. */
export function narrowed<T extends TaskFilter>(filter: T, { origin, since }: OwnTasks): T {
  const asked = filter.since
  const from = asked !== undefined && since !== undefined && asked > since ? asked : (since ?? asked)
  return { ...filter, origin: [origin], ...(from !== undefined && { since: from }) }
}
