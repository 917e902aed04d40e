import type { Era } from '../../shared/server.ts'

/** Who calls whom: the era of the client, and of the server behind the gateway. */
export interface Pairing {
  readonly client: Era
  readonly server: Era
}

export const pairings: readonly Pairing[] = [
  { client: 'legacy', server: 'legacy' },
  { client: 'modern', server: 'modern' },
  { client: 'legacy', server: 'modern' },
  { client: 'modern', server: 'legacy' },
]

interface Exclusion extends Pairing {
  readonly scenario: string
  /** Why no gateway can carry it between these eras. */
  readonly reason: string
}

/**
 * Scenarios that cannot come out equal across eras. All others are carriable and must. Same-era pairings have no
 * exclusions.
 */
export const exclusions: readonly Exclusion[] = [
  {
    client: 'modern',
    server: 'legacy',
    scenario: 'input-required-result-basic-elicitation',
    reason:
      'It looks for the key `user_name`, which the server would choose. A legacy question has no key: those that the client sees are the gateway’s.',
  },
  {
    client: 'modern',
    server: 'legacy',
    scenario: 'input-required-result-ignore-extra-params',
    reason:
      'It answers before it was asked, under a key of the server’s choice and without a state. A legacy server asks while its call runs, and no earlier.',
  },
  {
    client: 'modern',
    server: 'legacy',
    scenario: 'input-required-result-multiple-input-requests',
    reason:
      'It wants three questions in one round. A legacy server puts one at a time and waits for its answer, so each is a round of its own.',
  },
]

export const reasonAgainst = ({ client, server }: Pairing, scenario: string): string | null =>
  exclusions.find((one) => one.client === client && one.server === server && one.scenario === scenario)?.reason ?? null

/** Scenarios of the suites, none of them scored, for which our own server has nothing. */
export const withoutFixture: readonly RegExp[] = [/^tasks-/, /^http-custom-header-server-validation$/]
