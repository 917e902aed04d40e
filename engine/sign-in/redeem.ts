import type { FetchLike } from '@modelcontextprotocol/client'
import { AppError } from '../../shared/app-error.ts'
import { hostOf } from './account.ts'
import type { Grant } from './grants.ts'
import type { OpenSignIn } from './open-sign-in.ts'
import { tokensFrom } from './tokens.ts'

/**
 * Turns what came back into tokens. Nothing of it is looked at before it is clear that the right authorization server
 * sent it (RFC 9207). Throws AppErrors: `sign_in_untrusted`, `sign_in_denied`, `sign_in_failed`, `sign_in_unreachable`.
 */
export async function redeem(open: OpenSignIn, query: URLSearchParams, fetchFn: FetchLike): Promise<Grant> {
  const { place, client, redirectUri, verifier, address } = open
  const { metadata, issuer, resource } = place
  const sdk = await import('@modelcontextprotocol/client')
  const issParameterSupported = metadata.authorization_response_iss_parameter_supported === true
  const iss = query.get('iss') ?? undefined
  try {
    sdk.validateAuthorizationResponseIssuer({ iss, expectedIssuer: issuer, issParameterSupported })
  } catch (cause) {
    throw new AppError('sign_in_untrusted', 'The answer to the sign-in did not come from where it was asked for', {
      hint: 'Do not sign in there; start again, and report it if it happens again.',
      cause,
    })
  }
  if (query.has('error')) throw notGranted(query.get('error')!, issuer)
  const code = query.get('code')
  if (code === null) throw failed(issuer, 'it gave no code')
  try {
    const came = await sdk.exchangeAuthorization(issuer, {
      metadata,
      clientInformation: client,
      authorizationCode: code,
      codeVerifier: verifier,
      redirectUri,
      resource,
      fetchFn,
      ...(iss !== undefined && { iss }),
    })
    const tokens = tokensFrom(came, Date.now(), { refresh_token: null, scope: open.scope })
    const since = new Date().toISOString()
    return { url: address.href, resource, issuer, redirect_uri: redirectUri, client, metadata, tokens, since }
  } catch (error) {
    if (error instanceof AppError) throw error
    const why = error instanceof sdk.OAuthError ? error.code : 'its answer cannot be read'
    throw failed(issuer, why, error)
  }
}

/** Has the tokens of a grant revoked (RFC 7009), where its authorization server offers that. */
export async function revoke({ metadata, client, tokens }: Grant, fetchFn: FetchLike): Promise<void> {
  const { revocation_endpoint: endpoint } = metadata
  if (endpoint === undefined || tokens === null) return
  const token = tokens.refresh_token ?? tokens.access_token
  const body = new URLSearchParams({ token, client_id: client.client_id })
  if (client.client_secret !== undefined) body.set('client_secret', client.client_secret)
  const response = await fetchFn(endpoint, { method: 'POST', body })
  if (!response.ok) throw new AppError('revocation_refused', `it answered with HTTP ${response.status}`)
}

function notGranted(error: string, issuer: string): AppError {
  if (error !== 'access_denied') return failed(issuer, /^[\w-]{1,60}$/.test(error) ? error : 'it refused')
  return new AppError('sign_in_denied', `${hostOf(issuer)} says that the sign-in was refused`, {
    hint: 'Start it again, and allow it there.',
  })
}

function failed(issuer: string, why: string, cause?: unknown): AppError {
  return new AppError('sign_in_failed', `${hostOf(issuer)} did not complete the sign-in (${why})`, {
    hint: 'Start it again.',
    cause,
  })
}
