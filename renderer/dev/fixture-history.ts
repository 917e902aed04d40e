import { type RunId, type ServerId, uuidV7 } from '../../shared/ids.ts'
import type { Run } from '../../shared/server.ts'
import type { Transition } from '../../shared/transition.ts'
import { openedAt } from './fixture-servers.ts'

export function fixtureRuns(server: ServerId): Run[] {
  return [3, 27, 51].map((hours, index) => {
    const at = openedAt - hours * 3_600_000
    return {
      id: uuidV7(at) as RunId,
      server,
      pid: 47_117 + index,
      started_at: new Date(at).toISOString(),
      ready_at: new Date(at + 900).toISOString(),
      ended_at: index === 0 ? null : new Date(at + 20 * 3_600_000).toISOString(),
      exit_code: index === 0 ? null : index - 1,
      signal: null,
      cause: index === 0 ? null : index === 1 ? 'stopped' : 'exited',
      stderr_tail: null,
    }
  })
}

type Came = Partial<Transition> & Pick<Transition, 'from' | 'to' | 'cause'>

const went: readonly Came[] = [
  { from: 'starting', to: 'ready', cause: 'progress' },
  { from: 'starting', to: 'starting', phase: 'list', cause: 'progress' },
  { from: 'backing_off', to: 'starting', phase: 'resolve', cause: 'retry' },
  {
    from: 'ready',
    to: 'backing_off',
    cause: 'server_crashed',
    message: 'Ended by SIGSEGV: double free or corruption in libindex.so, while it read the index of the folder',
    signal: 'SIGSEGV',
    start: 6,
  },
  { from: 'starting', to: 'ready', cause: 'progress', start: 6 },
  { from: 'stopped', to: 'starting', phase: 'resolve', cause: 'asked', start: 6 },
  { from: 'stopping', to: 'stopped', cause: 'asked', exit_code: 0, start: 5 },
  { from: 'ready', to: 'stopping', phase: 'drain', cause: 'asked', start: 5 },
]

export function fixtureTransitions(server: ServerId): Transition[] {
  return went.map((came, index) => {
    const ms = openedAt - index * 61_000
    const nothing = { phase: null, message: null, run_id: null, exit_code: null, signal: null, stderr_tail: null }
    const when = { at: new Date(ms).toISOString(), monotonic_ms: 600_000 - index * 61_000 }
    return { ...nothing, ...when, id: uuidV7(ms), server, start: 7, pid: 47_117, ...came }
  })
}
