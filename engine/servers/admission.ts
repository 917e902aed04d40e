import type { ServerState } from '../../shared/server.ts'
import type { Admission } from './supervisor.ts'

/** Why a server in this state takes no call; null where it takes one. Calls worth a wait are `wait`. */
export function refusalOf(id: string, state: ServerState): Exclude<Admission, { kind: 'open' }> | null {
  switch (state.state) {
    case 'ready':
    case 'degraded':
      return null
    case 'starting':
    case 'backing_off':
    case 'asleep':
      return { kind: 'wait' }
    case 'stopped':
      return closed(`${id} is not running`, `Start ${id}, then call again.`)
    case 'stopping':
      return closed(`${id} is stopping`, `Start ${id} again, then repeat the call.`)
    case 'unresponsive':
    case 'crash_looping':
    case 'needs_secret':
    case 'needs_sign_in':
    case 'needs_consent':
    case 'failed':
      return closed(`${id} takes no calls: ${state.failure.message}`, state.failure.hint ?? `Look at the log of ${id}.`)
    default:
      return state satisfies never
  }
}

function closed(message: string, hint: string): Admission & { kind: 'closed' } {
  return { kind: 'closed', code: 'server_not_running', message, hint }
}
