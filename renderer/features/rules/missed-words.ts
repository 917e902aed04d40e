import type { MissedDelivery } from '../../../shared/missed-deliveries.ts'
import type { DeliverySummary } from '../../../shared/webhooks.ts'

/** Stands for a token that is typed and not yet kept; no secret has such a name. */
export const entered = ' '

/** The repository that webhooks last told of: `octo/demo` of `octo/demo#12`; empty where none did. */
export function repositoryOf(deliveries: readonly Pick<DeliverySummary, 'about'>[]): string {
  for (const { about } of deliveries) {
    const found = /^([\w-]+\/[\w.-]+)#\d+$/.exec(about ?? '')?.[1]
    if (found !== undefined) return found
  }
  return ''
}

/** A name for a secret that no other has: `GITHUB_TOKEN`, `GITHUB_TOKEN_2`. */
export function freeSecretName(taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'GITHUB_TOKEN' : `GITHUB_TOKEN_${number}`
    if (!taken.includes(name)) return name
  }
}

/** What GitHub got for its last try, in a few words. */
export function answeredWords({ answered }: Pick<MissedDelivery, 'answered'>): string {
  if (answered === null) return 'nobody answered'
  return answered === 401 ? 'refused, 401' : `answered ${answered}`
}
