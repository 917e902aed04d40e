import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import type { OAuthSpec } from '../config/server-spec.ts'
import type { Authorizer, Refusal } from '../links/authorizer.ts'
import { type Challenge, findSignIn, readChallenge } from './discovery.ts'
import { type Grant, type Grants, secretsOf } from './grants.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { scopeBeyond, tokensFrom } from './tokens.ts'

interface AccountParts {
  readonly grants: Grants
  /** Told of secrets before anybody can say them. */
  learn(values: readonly string[]): void
  /** Told when what can be seen of the account has changed. */
  changed(): void
  /** What its servers' logs should say. */
  tell(text: string, level?: 'info' | 'warn'): void
  readonly signal: AbortSignal
}

/** Refusals of an authorization server that may be over the next time. */
const passing: ReadonlySet<string> = new Set([
  'server_error',
  'temporarily_unavailable',
  'too_many_requests',
  'slow_down',
])

/** Our standing with the server at one address: holds its tokens, renews them, once for all who wait, and knows what is missing. */
export class Account implements Authorizer {
  readonly url: URL
  /** As the entry of the server says, its secrets filled in. */
  oauth: OAuthSpec | null = null
  /** How the last sign-in failed, or what ended it. */
  failure: Failure | null = null
  missingScope: string | null = null
  challenge: Challenge = { metadataUrl: null, scope: null }
  readonly #parts: AccountParts
  #grant: Promise<Grant | null> | null = null
  /** The grant as last read, for those who cannot wait. */
  #known: Grant | null = null
  #renewal: Promise<'again' | Failure> | null = null

  constructor(url: URL, parts: AccountParts) {
    this.url = url
    this.#parts = parts
  }

  get grant(): Grant | null {
    return this.#known
  }

  async authorization(): Promise<string | null> {
    const { tokens } = (await this.load()) ?? {}
    if (!tokens) return null
    const now = Date.now()
    if (tokens.renew_at !== null && now >= tokens.renew_at && tokens.refresh_token !== null) {
      const outcome = await this.#renew(false)
      // While the tokens hold, a renewal that did not succeed may still succeed later.
      if (outcome !== 'again' && (outcome.code !== 'sign_in_unreachable' || now >= tokens.expires_at!)) {
        const { code, message, hint } = outcome
        throw new AppError(code, message, { hint, data: { refused: code === 'needs_sign_in' } })
      }
    }
    return headerOf(this.#known)
  }

  async refused({ status, challenge, used, isSecond }: Refusal): Promise<'again' | Failure> {
    this.challenge = await readChallenge(challenge)
    const grant = await this.load()
    if (status === 403) return this.#lacksScope(grant)
    const header = headerOf(grant)
    if (header === null) return this.failure?.code === 'needs_sign_in' ? this.failure : signInAsked(this.url)
    if (header !== used) return 'again'
    return isSecond ? this.#ended('refuses a sign-in that was just renewed') : this.#renew(true)
  }

  /** The grant in the vault, read once. */
  async load(): Promise<Grant | null> {
    this.#grant ??= this.#parts.grants.read(this.url.href).then((grant) => {
      if (grant !== null) this.#parts.learn(secretsOf(grant))
      this.#known = grant
      this.#parts.changed()
      return grant
    })
    // What could not be read is asked for again the next time, when the key store may be open.
    this.#grant.catch(() => {
      this.#grant = null
    })
    return this.#grant
  }

  /** Keeps a grant, in the vault before it is used. */
  async keep(grant: Grant): Promise<void> {
    this.#parts.learn(secretsOf(grant))
    try {
      const isKept = await this.#parts.grants.write(grant)
      if (!isKept) this.#parts.tell('there is no vault: the sign-in holds until Signalbox ends', 'warn')
    } catch (error) {
      this.#parts.tell(`the sign-in holds until Signalbox ends: ${failureOf(error).message}`, 'warn')
    }
    this.#set(grant)
  }

  /** Forgets all of it; what is forgotten. */
  async forget(): Promise<Grant | null> {
    // A renewal that is under way must not bring it back.
    await this.#renewal?.catch(() => {})
    const grant = await this.load()
    await this.#parts.grants.delete(this.url.href)
    this.failure = null
    this.missingScope = null
    this.#set(null)
    return grant
  }

  #set(grant: Grant | null): void {
    this.#known = grant
    this.#grant = Promise.resolve(grant)
    this.#parts.changed()
  }

  /** One renewal for all that wait for it. `wasRefused`: the server itself refused the tokens. */
  #renew(wasRefused: boolean): Promise<'again' | Failure> {
    this.#renewal ??= this.#tryRenewal(wasRefused).finally(() => {
      this.#renewal = null
    })
    return this.#renewal
  }

  async #tryRenewal(wasRefused: boolean): Promise<'again' | Failure> {
    const grant = (await this.load())!
    const refreshToken = grant.tokens?.refresh_token ?? null
    const fetchFn = guardedFetch(this.url, this.#parts.signal)
    const sdk = await import('@modelcontextprotocol/client')
    try {
      if (wasRefused) {
        // The server may have moved to another authorization server; ours must not see what is meant for that one.
        const { issuer } = await findSignIn(this.url, this.challenge, grant.issuer, fetchFn)
        if (issuer !== grant.issuer) {
          return await this.#ended(`has people sign in at ${hostOf(issuer)} now, no longer at ${hostOf(grant.issuer)}`)
        }
      }
      if (refreshToken === null) return await this.#ended('has ended the sign-in, which cannot be renewed')
      const { client, metadata, resource } = grant
      const asked = { metadata, clientInformation: client, refreshToken, resource, fetchFn }
      const tokens = tokensFrom(await sdk.refreshAuthorization(grant.issuer, asked), Date.now(), grant.tokens!)
      await this.keep({ ...grant, tokens })
      return 'again'
    } catch (error) {
      this.#parts.signal.throwIfAborted()
      if (error instanceof sdk.OAuthError && !passing.has(error.code)) {
        return await this.#ended(`has ended the sign-in: ${hostOf(grant.issuer)} renews it no longer (${error.code})`)
      }
      if (error instanceof AppError) return error.failure
      return unreachable(grant.issuer, error)
    }
  }

  /** Until somebody signs in again there is nothing to send. */
  async #ended(why: string): Promise<Failure> {
    const { host } = this.url
    this.failure = { code: 'needs_sign_in', message: `${host} ${why}`, hint: 'Sign in again.' }
    this.#parts.tell(`signed out: ${why}`, 'warn')
    const grant = await this.load()
    if (grant !== null) await this.keep({ ...grant, tokens: null })
    return this.failure
  }

  #lacksScope(grant: Grant | null): Failure {
    const { scope } = this.challenge
    this.missingScope = scopeBeyond(scope, grant?.tokens?.scope ?? null) ?? scope
    this.#parts.changed()
    return {
      code: 'needs_sign_in',
      message: `The sign-in to ${this.url.host} lacks the scope ${this.missingScope ?? 'that it needs'}`,
      hint: 'Sign in again to grant that as well.',
    }
  }
}

function headerOf(grant: Grant | null): string | null {
  return grant?.tokens ? `Bearer ${grant.tokens.access_token}` : null
}

function signInAsked(url: URL): Failure {
  return {
    code: 'needs_sign_in',
    message: `${url.host} asks for a sign-in`,
    hint: 'Sign in: its page opens in your browser, and leads back by itself.',
  }
}

function unreachable(issuer: string, error: unknown): Failure {
  return {
    code: 'sign_in_unreachable',
    message: `${hostOf(issuer)} did not renew the sign-in: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Try again when it can be reached.',
  }
}

export function hostOf(issuer: string): string {
  return URL.parse(issuer)?.host ?? issuer
}
