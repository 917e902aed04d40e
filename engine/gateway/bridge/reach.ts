import type { Failure } from '../../../shared/app-error.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { ForwardOptions, Link } from '../../links/link.ts'
import type { Supervisor } from '../../servers/supervisor.ts'

/** Milliseconds that a request waits for a server that is starting. */
const longestWaitMs = 10_000

export type Reached =
  | { kind: 'reached'; link: Link; limits: Pick<ForwardOptions, 'timeoutMs' | 'maxTotalMs'> }
  | { kind: 'unreachable'; failure: Failure }

/** The link of a server, after a bounded wait while it starts. */
export async function reach(supervisor: Supervisor, id: ServerId, signal: AbortSignal): Promise<Reached> {
  const settings = supervisor.spec(id)?.settings
  if (settings === undefined) return unreachable('unknown_server', `There is no server "${id}" any more.`, null)
  let admission = supervisor.admit(id)
  if (admission.kind === 'wait') {
    await supervisor.settled(id, Math.min(longestWaitMs, settings.timeoutMs), signal)
    admission = supervisor.admit(id)
  }
  switch (admission.kind) {
    case 'open': {
      const limits = { timeoutMs: settings.timeoutMs, maxTotalMs: settings.maxTotalTimeoutMs }
      return { kind: 'reached', link: admission.link, limits }
    }
    case 'wait':
      return unreachable('server_not_ready', `${id} is still starting.`, 'Look at the steps of its start.')
    case 'closed':
      return unreachable(admission.code, admission.message, admission.hint)
    default:
      return admission satisfies never
  }
}

function unreachable(code: string, message: string, hint: string | null): Reached {
  return { kind: 'unreachable', failure: { code, message, hint } }
}
