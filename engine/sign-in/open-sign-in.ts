import { randomBytes } from 'node:crypto'
import type { FetchLike } from '@modelcontextprotocol/client'
import type { Account } from './account.ts'
import { findSignIn, type SignInPlace } from './discovery.ts'
import type { Grant } from './grants.ts'
import { registeredClient } from './registration.ts'
import { scopeUnion } from './tokens.ts'

/** A sign-in from its first step to the way back; all that has to be the same then. */
export interface OpenSignIn {
  /** To be opened in a browser. */
  readonly url: URL
  readonly address: URL
  readonly state: string
  /** Proves that who redeems the code is who asked for it (RFC 7636). */
  readonly verifier: string
  readonly place: SignInPlace
  readonly client: Grant['client']
  readonly redirectUri: string
  readonly scope: string | null
}

/** Finds where to sign in, makes us known there and writes the address to open. Throws what those throw. */
export async function openSignIn(account: Account, redirectUri: string, fetchFn: FetchLike): Promise<OpenSignIn> {
  const { url: address, oauth, challenge, missingScope } = account
  const sdk = await import('@modelcontextprotocol/client')
  const known = await account.load()
  const place = await findSignIn(address, challenge, known?.issuer ?? null, fetchFn)
  const granted = known?.issuer === place.issuer ? (known.tokens?.scope ?? null) : null
  const scope = scopeToAsk({
    asked: oauth?.scope ?? challenge.scope ?? place.scopes,
    more: scopeUnion(granted, missingScope),
    offersRefresh: place.metadata.scopes_supported?.includes('offline_access') === true,
  })
  const client = await registeredClient({ place, server: address, oauth, redirectUri, scope, known }, fetchFn)
  const state = randomBytes(32).toString('base64url')
  const { authorizationUrl, codeVerifier } = await sdk.startAuthorization(place.issuer, {
    metadata: place.metadata,
    clientInformation: client,
    redirectUrl: redirectUri,
    state,
    resource: place.resource,
    ...(scope !== null && { scope }),
  })
  return {
    url: authorizationUrl,
    address,
    state,
    verifier: codeVerifier,
    place,
    client: { ...client },
    redirectUri,
    scope,
  }
}

interface Wanted {
  readonly asked: string | null
  /** What was granted before, and what was found missing. */
  readonly more: string | null
  readonly offersRefresh: boolean
}

function scopeToAsk({ asked, more, offersRefresh }: Wanted): string | null {
  const wanted = scopeUnion(asked, more)
  // Without it some give tokens that cannot be renewed; alone it would ask for nothing.
  return wanted !== null && offersRefresh ? scopeUnion(wanted, 'offline_access') : wanted
}
