import type { Failure } from '../../shared/app-error.ts'
import type { Listing } from '../links/link.ts'
import type { ListKind } from '../links/notifications.ts'
import { seconds } from './seconds.ts'

export const noLists: Listing = { tools: [], resources: [], resourceTemplates: [], prompts: [], warnings: [] }

/** A list that is asked for by the clock mostly stays as it was, and nobody needs to hear of that. */
export function isSameList(before: Listing, after: Listing, kind: ListKind): boolean {
  const isSame = (list: Exclude<keyof Listing, 'warnings'>): boolean =>
    JSON.stringify(before[list]) === JSON.stringify(after[list])
  return isSame(kind) && (kind !== 'resources' || isSame('resourceTemplates'))
}

export function listStorm(kind: ListKind, times: number, withinMs: number): Failure {
  return {
    code: 'list_storm',
    message: `The server changes its list of ${kind} constantly: said ${times} times; it is asked for once in ${seconds(withinMs)}`,
    hint: 'Report this to the author of the server.',
  }
}
