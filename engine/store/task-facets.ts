import type { TaskFilter } from '../../shared/contract.ts'
import type { TaskStatus } from '../../shared/task.ts'
import type { FacetCount, TaskFacets } from './store.ts'

/** So many tasks have these four in common. */
export interface Combination {
  agent_name: string
  action: string
  origin: string
  status: TaskStatus
  count: number
}

type Facet = 'status' | 'agent' | 'action' | 'origin'

const columns = { status: 'status', agent: 'agent_name', action: 'action', origin: 'origin' } as const satisfies Record<
  Facet,
  keyof Combination
>

/** The counts under a filter. Each facet ignores its own part of it, so that it shows what else could be ticked. */
export function facetsOf(combinations: readonly Combination[], filter: TaskFilter): TaskFacets {
  const isIn = (combination: Combination, facet: Facet): boolean => {
    const wanted: readonly string[] | undefined = filter[facet]
    return wanted === undefined || wanted.includes(combination[columns[facet]])
  }
  const facets = Object.keys(columns) as Facet[]
  const count = (facet: Facet): FacetCount[] => {
    const counts = new Map<string, number>()
    for (const combination of combinations) {
      if (!facets.every((other) => other === facet || isIn(combination, other))) continue
      const value = combination[columns[facet]]
      counts.set(value, (counts.get(value) ?? 0) + combination.count)
    }
    return mostFirst(counts)
  }
  let total = 0
  for (const combination of combinations) {
    if (facets.every((facet) => isIn(combination, facet))) total += combination.count
  }
  return { total, status: count('status'), agent: count('agent'), action: count('action'), origin: count('origin') }
}

function mostFirst(counts: ReadonlyMap<string, number>): FacetCount[] {
  const entries = [...counts].map(([value, count]) => ({ value, count }))
  return entries.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
