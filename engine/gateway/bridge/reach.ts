import type { Failure } from '../../../shared/app-error.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { ForwardOptions, Link } from '../../links/link.ts'
import { admitted } from '../../servers/admitted.ts'
import type { Supervisor } from '../../servers/supervisor.ts'

export type Reached =
  | { kind: 'reached'; link: Link; limits: Pick<ForwardOptions, 'timeoutMs' | 'maxTotalMs'> }
  | { kind: 'unreachable'; failure: Failure }

/** The link of a server, after a bounded wait while it starts, and how long a request to it may take. */
export async function reach(supervisor: Supervisor, id: ServerId, signal: AbortSignal): Promise<Reached> {
  const settings = supervisor.spec(id)?.settings
  if (settings === undefined) {
    const failure = { code: 'unknown_server', message: `There is no server "${id}" any more.`, hint: null }
    return { kind: 'unreachable', failure }
  }
  const admission = await admitted(supervisor, id, settings.timeoutMs, signal)
  if ('failure' in admission) return { kind: 'unreachable', failure: admission.failure }
  const limits = { timeoutMs: settings.timeoutMs, maxTotalMs: settings.maxTotalTimeoutMs }
  return { kind: 'reached', link: admission.link, limits }
}
