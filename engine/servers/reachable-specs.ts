import type { StateName } from '../../shared/server.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import type { Supervisor } from './supervisor.ts'

const reachable: ReadonlySet<StateName> = new Set(['ready', 'degraded', 'asleep'])

/** Of the servers that calls reach now. */
export function reachableSpecs(supervisor: Pick<Supervisor, 'list' | 'spec'>): ServerSpec[] {
  return supervisor.list().flatMap(({ id, state }) => {
    const spec = reachable.has(state) ? supervisor.spec(id) : null
    return spec === null ? [] : [spec]
  })
}
