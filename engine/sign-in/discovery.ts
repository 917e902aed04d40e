import type {
  AuthorizationServerMetadata,
  FetchLike,
  OAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/client'
import { AppError } from '../../shared/app-error.ts'
import { addressProblem, untrustedAddress } from './guarded-fetch.ts'

/** What a server said when it refused a request: RFC 6750 and RFC 9728. */
export interface Challenge {
  readonly metadataUrl: URL | null
  readonly scope: string | null
}

/** Where one signs in to a server, as it says itself and as its authorization server confirms. */
export interface SignInPlace {
  /** Names the server to the authorization server (RFC 8707). */
  readonly resource: string
  readonly issuer: string
  readonly metadata: AuthorizationServerMetadata
  /** What the server offers, separated by spaces. */
  readonly scopes: string | null
}

export async function readChallenge(header: string): Promise<Challenge> {
  const { extractWWWAuthenticateParams } = await import('@modelcontextprotocol/client')
  const response = new Response(null, { status: 401, headers: { 'www-authenticate': header } })
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response)
  return { metadataUrl: resourceMetadataUrl ?? null, scope: scope ?? null }
}

/**
 * Asks a server where to sign in, and the authorization server whether it is the one. `preferred` is the issuer to stay
 * with while the server still names it. Throws AppErrors: `sign_in_unsupported`, `sign_in_untrusted`, `sign_in_unreachable`.
 */
export async function findSignIn(
  server: URL,
  challenge: Challenge,
  preferred: string | null,
  fetchFn: FetchLike,
): Promise<SignInPlace> {
  const sdk = await import('@modelcontextprotocol/client')
  const described = await describedResource(server, challenge, fetchFn)
  const own = sdk.resourceUrlFromServerUrl(server)
  const resource = described?.resource ?? own.href
  if (!sdk.checkResourceAllowed({ requestedResource: own, configuredResource: resource })) {
    throw untrusted(`${server.host} says that it is ${resource}, which it is not`)
  }
  const named = described?.authorization_servers ?? []
  // Servers of 2025-03-26 do not say: there it is their own origin.
  const address = named.find((one) => one === preferred) ?? named[0] ?? new URL('/', server).href
  const metadata = await authorizationServer(address, server, fetchFn)
  return { resource, issuer: metadata.issuer, metadata, scopes: described?.scopes_supported?.join(' ') || null }
}

/** Null where a server does not describe itself (RFC 9728), as old ones do not. */
async function describedResource(
  server: URL,
  { metadataUrl }: Challenge,
  fetchFn: FetchLike,
): Promise<OAuthProtectedResourceMetadata | null> {
  const { discoverOAuthProtectedResourceMetadata } = await import('@modelcontextprotocol/client')
  const at = metadataUrl === null ? {} : { resourceMetadataUrl: metadataUrl }
  try {
    return await discoverOAuthProtectedResourceMetadata(server, at, fetchFn)
  } catch (error) {
    // Ours say that it could not be asked; the library's, that there is no such document.
    if (error instanceof AppError || metadataUrl !== null) throw wrong(error, server)
    return null
  }
}

async function authorizationServer(
  address: string,
  server: URL,
  fetchFn: FetchLike,
): Promise<AuthorizationServerMetadata> {
  const sdk = await import('@modelcontextprotocol/client')
  let metadata: AuthorizationServerMetadata | undefined
  try {
    metadata = await sdk.discoverAuthorizationServerMetadata(address, { fetchFn })
  } catch (error) {
    if (error instanceof sdk.IssuerMismatchError) {
      throw untrusted(`${server.host} names ${address} for the sign-in, which says that it is another`)
    }
    throw wrong(error, server)
  }
  if (metadata === undefined) throw unsupported(server, 'it does not say where to sign in')
  if (metadata.code_challenge_methods_supported?.includes('S256') !== true) {
    throw unsupported(server, `${address} does not protect the sign-in by PKCE`)
  }
  if (!metadata.response_types_supported.includes('code')) throw unsupported(server, `${address} gives no codes`)
  const page = new URL(metadata.authorization_endpoint)
  const problem = addressProblem(page, server)
  if (problem !== null) throw untrustedAddress(page, server, problem)
  return metadata
}

function wrong(error: unknown, server: URL): AppError {
  if (error instanceof AppError) return error
  return unsupported(server, 'what it says about its sign-in cannot be read', error)
}

export function unsupported(server: URL, why: string, cause?: unknown): AppError {
  return new AppError('sign_in_unsupported', `${server.host} asks for a sign-in, but ${why}`, {
    hint: 'Get a token from its maker and put it into `headers` of its entry.',
    status: 409,
    cause,
  })
}

function untrusted(message: string): AppError {
  return new AppError('sign_in_untrusted', message, {
    hint: 'Do not sign in; report this to whoever runs the server.',
    status: 409,
  })
}
