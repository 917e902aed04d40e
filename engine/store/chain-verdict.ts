import type { Banner } from '../../shared/snapshot.ts'
import type { ChainPart, ChainRepo } from './chain-repo.ts'

/** What a walk along the whole chain has found. */
export type ChainVerdict = Omit<ChainPart, 'next'>

/** Looks at every finished task, in parts, so that the store does other work in between. */
export async function verifyChain(chain: Pick<ChainRepo, 'verify'>, signal?: AbortSignal): Promise<ChainVerdict> {
  const verdict: ChainVerdict = { checked: 0, missing: [], changed: [], broken: [] }
  let after: ChainPart['next'] = null
  do {
    const part: ChainPart = await chain.verify(after)
    verdict.checked += part.checked
    verdict.missing.push(...part.missing)
    verdict.changed.push(...part.changed)
    verdict.broken.push(...part.broken)
    after = part.next
  } while (after !== null && signal?.aborted !== true)
  return verdict
}

/** Null where every finished task is what it was. */
export function chainBanner({ missing, changed, broken }: ChainVerdict): Banner | null {
  if (missing.length + changed.length + broken.length === 0) return null
  const parts = [
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
    ...(changed.length > 0 ? [`${changed.length} changed`] : []),
    ...(missing.length + changed.length === 0 ? ['their order has changed'] : []),
  ]
  const first = missing[0] ?? changed[0]
  return {
    code: 'tasks_changed',
    severity: 'danger',
    message: `Finished tasks are not what they were: ${parts.join(', ')}${first === undefined ? '' : `, first of all ${first}`}`,
    hint: 'Somebody or something has written to signalbox.db. Compare it with a backup.',
    since: new Date().toISOString(),
  }
}
