import type { Failure } from '../../shared/app-error.ts'
import type { RunId, ServerId } from '../../shared/ids.ts'
import type { Link } from '../links/link.ts'
import type { Supervisor } from './supervisor.ts'

/** Milliseconds that a call waits for a server that is starting. */
const longestWaitMs = 10_000

/** The link of a server that takes calls, after a bounded wait while it starts; or why there is none. */
export async function admitted(
  supervisor: Pick<Supervisor, 'admit' | 'settled'>,
  id: ServerId,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ link: Link; runId: RunId | null } | { failure: Failure }> {
  const waitMs = Math.min(longestWaitMs, timeoutMs)
  let admission = supervisor.admit(id)
  if (admission.kind === 'wait') {
    await supervisor.settled(id, waitMs, signal)
    admission = supervisor.admit(id)
  }
  switch (admission.kind) {
    case 'open':
      return admission
    case 'wait':
      return {
        failure: {
          code: 'server_not_ready',
          message: `${id} was still starting after ${Math.round(waitMs / 1000)} s.`,
          hint: 'Look at the steps of its start, then call again.',
        },
      }
    case 'closed': {
      const { code, message, hint } = admission
      return { failure: { code, message, hint } }
    }
    default:
      return admission satisfies never
  }
}
