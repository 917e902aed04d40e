import type { FetchLike, OAuthClientInformationMixed, OAuthClientMetadata } from '@modelcontextprotocol/client'
import { AppError } from '../../shared/app-error.ts'
import type { OAuthSpec } from '../config/server-spec.ts'
import { type SignInPlace, unsupported } from './discovery.ts'
import type { Grant } from './grants.ts'
import { scopeBeyond } from './tokens.ts'

interface Registration {
  readonly place: SignInPlace
  readonly server: URL
  /** As the entry of the server says; its secrets filled in. */
  readonly oauth: OAuthSpec | null
  readonly redirectUri: string
  readonly scope: string | null
  /** From an earlier sign-in. */
  readonly known: Grant | null
}

/**
 * Who we are to an authorization server: the id that the entry names (which may be the address of a document about us,
 * where that is understood), else the one of an earlier sign-in, else a new registration.
 */
export async function registeredClient(asked: Registration, fetchFn: FetchLike): Promise<OAuthClientInformationMixed> {
  const { place, server, oauth, redirectUri, scope, known } = asked
  const sdk = await import('@modelcontextprotocol/client')
  const { client_id_metadata_document_supported: takesDocuments, registration_endpoint: endpoint } = place.metadata
  if (oauth?.clientId && (!sdk.isHttpsUrl(oauth.clientId) || takesDocuments === true)) {
    return { client_id: oauth.clientId, ...(oauth.clientSecret !== null && { client_secret: oauth.clientSecret }) }
  }
  if (known !== null && isGoodFor(known, place.issuer, redirectUri, scope)) return known.client
  if (endpoint === undefined) {
    throw unsupported(server, `${new URL(place.issuer).host} does not let programs register themselves`)
  }
  const clientMetadata = ownMetadata(redirectUri)
  const register = (wanted: string | null): Promise<OAuthClientInformationMixed> => {
    const { metadata, issuer } = place
    return sdk.registerClient(issuer, { metadata, clientMetadata, ...(wanted !== null && { scope: wanted }), fetchFn })
  }
  try {
    // Some grant only what was registered for; others know no scopes of servers when they register.
    return await register(scope).catch((error: unknown) => {
      if (scope === null || !(error instanceof sdk.RegistrationRejectedError)) throw error
      return register(null)
    })
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('registration_refused', `${new URL(place.issuer).host} refuses to register Signalbox`, {
      hint: 'Register it there by hand and write its id into the entry as "oauth": { "clientId": "…" }.',
      status: 409,
      cause,
    })
  }
}

/** Whether an earlier registration allows this sign-in as well. */
function isGoodFor({ issuer, redirect_uri, client }: Grant, asked: string, redirectUri: string, scope: string | null) {
  const isOurs = issuer === asked && redirect_uri === redirectUri
  return isOurs && (client.scope === undefined || scopeBeyond(scope, client.scope) === null)
}

/** A program of its user, which can keep no secret of its own (RFC 8252). */
function ownMetadata(redirectUri: string): OAuthClientMetadata {
  return {
    client_name: 'Signalbox',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  }
}
