import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { SignInStatus } from '../../shared/sign-in.ts'
import type { RemoteSpec } from '../config/server-spec.ts'
import type { SecretVault } from '../host.ts'
import type { Authorizer } from '../links/authorizer.ts'
import { Account, hostOf } from './account.ts'
import { type CallbackAnswer, unexpectedCallback } from './callback-page.ts'
import { callbackPath } from './callback-path.ts'
import { Grants } from './grants.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { type OpenSignIn, openSignIn } from './open-sign-in.ts'
import { redeem, revoke } from './redeem.ts'

interface SignInParts {
  readonly vault: SecretVault | null
  learn(values: readonly string[]): void
  /** The entry of a remote server with its variables and secrets filled in. Throws an AppError where it is none. */
  remote(id: ServerId): Promise<RemoteSpec>
  /** Base URL of our own HTTP face; null while there is none. */
  ownUrl(): string | null
  changed(status: SignInStatus): void
  /** Somebody has signed in: what waited for that may start. */
  signedIn(id: ServerId): void
  log(id: ServerId, text: string, level: 'info' | 'warn'): void
  /** Milliseconds that an open sign-in is waited for; 10 minutes unless told. */
  readonly waitMs?: number
}

interface Waiting extends OpenSignIn {
  readonly account: Account
  readonly until: string
  readonly timer: NodeJS.Timeout
}

/** Signing in to remote servers: one account an address, and the sign-ins that wait for somebody in a browser. */
export class SignIn implements Disposable {
  readonly #parts: SignInParts
  readonly #grants: Grants
  readonly #life = new AbortController()
  readonly #accounts = new Map<string, Account>()
  readonly #addresses = new Map<ServerId, string>()
  readonly #opening = new Map<Account, Promise<Waiting>>()
  /** By their `state`, which comes back once. */
  readonly #waiting = new Map<string, Waiting>()

  constructor(parts: SignInParts) {
    this.#parts = parts
    this.#grants = new Grants(parts.vault)
  }

  /** Who signs the requests to a server; null where its own headers do. */
  authorizerFor(id: ServerId, remote: RemoteSpec): Authorizer | null {
    return carriesToken(remote) ? null : this.#account(id, remote)
  }

  /**
   * Where to sign in to a server; the same place while that waits. Throws AppErrors: `unknown_server`, `not_remote`,
   * `token_in_entry`, `no_callback`, `sign_in_unsupported`, `sign_in_untrusted`, `sign_in_unreachable`,
   * `registration_refused`.
   */
  async start(id: ServerId): Promise<{ url: string; until: string }> {
    const remote = await this.#parts.remote(id)
    if (carriesToken(remote)) throw tokenInEntry(id)
    const account = this.#account(id, remote)
    const open = this.#waitingFor(account)
    if (open !== null) return { url: open.url.href, until: open.until }
    let opening = this.#opening.get(account)
    if (opening === undefined) {
      opening = this.#open(account).finally(() => this.#opening.delete(account))
      this.#opening.set(account, opening)
    }
    const { url, until } = await opening
    return { url: url.href, until }
  }

  /** False where none was waiting. */
  cancel(id: ServerId): boolean {
    const account = this.#accounts.get(this.#addresses.get(id) ?? '')
    const open = account === undefined ? null : this.#waitingFor(account)
    if (open === null) return false
    this.#close(open, null)
    return true
  }

  /** False where nobody was signed in. Tokens are gone here whatever the authorization server says to it. */
  async signOut(id: ServerId): Promise<boolean> {
    return this.#signOutOf(this.#account(id, await this.#parts.remote(id)))
  }

  async #signOutOf(account: Account): Promise<boolean> {
    const open = this.#waitingFor(account)
    if (open !== null) this.#close(open, null)
    const grant = await account.forget()
    if (!grant?.tokens) return false
    this.#tell(account, `signed out of ${hostOf(grant.issuer)}`)
    revoke(grant, guardedFetch(account.url, this.#life.signal)).catch((error: unknown) => {
      if (this.#life.signal.aborted) return
      this.#tell(
        account,
        `${hostOf(grant.issuer)} could not be asked to revoke it: ${failureOf(error).message}`,
        'warn',
      )
    })
    return true
  }

  /**
   * Before a server is taken out, for its entry says where it is: what signs out of it once it is gone, unless another one
   * has the same address. Neither rejects.
   */
  async leaving(id: ServerId): Promise<() => Promise<void>> {
    const forget = (error: unknown): void => {
      const { code, message } = failureOf(error)
      // A local server has nothing to sign out of.
      if (code !== 'not_remote') this.#parts.log(id, `its sign-in could not be forgotten: ${message}`, 'warn')
    }
    try {
      const account = this.#account(id, await this.#parts.remote(id))
      return async () => {
        // Nothing is told of a server that is gone.
        this.#addresses.delete(id)
        if (this.#serversOf(account).length === 0) await this.#signOutOf(account).catch(forget)
      }
    } catch (error) {
      forget(error)
      return async () => void this.#addresses.delete(id)
    }
  }

  /** Takes what the authorization server sends back through the browser. The `state` in it is good once. */
  async finish(query: URLSearchParams): Promise<CallbackAnswer> {
    const states = query.getAll('state')
    const open = states.length === 1 ? this.#waiting.get(states[0]!) : undefined
    if (open === undefined) return unexpectedCallback
    const { account } = open
    // Taken before anything else: whatever comes next with it comes too late.
    this.#waiting.delete(open.state)
    try {
      const grant = await redeem(open, query, guardedFetch(account.url, this.#life.signal))
      await account.keep(grant)
    } catch (error) {
      const failure = failureOf(error)
      this.#close(open, failure)
      return { status: 400, title: 'Not signed in', text: `${failure.message}. ${failure.hint ?? ''}` }
    }
    account.missingScope = null
    this.#close(open, null)
    this.#tell(account, `signed in at ${hostOf(open.place.issuer)}`)
    for (const id of this.#serversOf(account)) this.#parts.signedIn(id)
    return {
      status: 200,
      title: `Signed in to ${account.url.host}`,
      text: 'You can close this page; Signalbox goes on.',
    }
  }

  [Symbol.dispose](): void {
    this.#life.abort()
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  async #open(account: Account): Promise<Waiting> {
    const own = this.#parts.ownUrl()
    if (own === null) throw noCallback()
    const fetchFn = guardedFetch(account.url, this.#life.signal)
    const open = await openSignIn(account, `${own}${callbackPath}`, fetchFn)
    this.#parts.learn([open.verifier, open.state])
    const waitMs = this.#parts.waitMs ?? 600_000
    const waiting: Waiting = {
      ...open,
      account,
      until: new Date(Date.now() + waitMs).toISOString(),
      timer: setTimeout(() => this.#close(waiting, timedOut), waitMs),
    }
    this.#waiting.set(open.state, waiting)
    account.failure = null
    this.#announce(account)
    return waiting
  }

  #close(open: Waiting, failure: Failure | null): void {
    clearTimeout(open.timer)
    this.#waiting.delete(open.state)
    open.account.failure = failure
    if (failure !== null) this.#tell(open.account, `not signed in: ${failure.message}`, 'warn')
    this.#announce(open.account)
  }

  #waitingFor(account: Account): Waiting | null {
    return this.#waiting.values().find((open) => open.account === account) ?? null
  }

  #account(id: ServerId, { url, oauth }: RemoteSpec): Account {
    const address = new URL(url)
    address.hash = ''
    const known = this.#accounts.get(address.href)
    const account = known ?? this.#newAccount(address)
    account.oauth = oauth ?? null
    this.#parts.learn(oauth?.clientSecret ? [oauth.clientSecret] : [])
    this.#accounts.set(address.href, account)
    this.#addresses.set(id, address.href)
    return account
  }

  #newAccount(url: URL): Account {
    const account: Account = new Account(url, {
      grants: this.#grants,
      learn: (values) => this.#parts.learn(values),
      changed: () => this.#announce(account),
      tell: (text, level) => this.#tell(account, text, level),
      signal: this.#life.signal,
    })
    return account
  }

  #serversOf(account: Account): ServerId[] {
    return [...this.#addresses].filter(([, address]) => address === account.url.href).map(([id]) => id)
  }

  #tell(account: Account, text: string, level: 'info' | 'warn' = 'info'): void {
    for (const id of this.#serversOf(account)) this.#parts.log(id, text, level)
  }

  #announce(account: Account): void {
    for (const server of this.#serversOf(account)) this.#parts.changed(this.#statusOf(server, account))
  }

  #statusOf(server: ServerId, account: Account): SignInStatus {
    const { failure, grant, missingScope } = account
    const open = this.#waitingFor(account)
    if (open !== null) return { server, status: 'waiting', until: open.until, failure }
    if (!grant?.tokens) return { server, status: 'signed_out', failure }
    const { issuer, since, tokens } = grant
    return { server, status: 'signed_in', failure, issuer, scope: tokens.scope, since, missing_scope: missingScope }
  }
}

/** An entry that brings its own token signs its requests by itself. */
function carriesToken({ headers }: RemoteSpec): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
}

const timedOut: Failure = {
  code: 'sign_in_timeout',
  message: 'Nobody signed in in time',
  hint: 'Start the sign-in again.',
}

function tokenInEntry(id: ServerId): AppError {
  return new AppError('token_in_entry', `The entry of ${id} carries a token of its own`, {
    hint: 'Replace that token, or take it out of `headers` to sign in instead.',
    status: 409,
  })
}

function noCallback(): AppError {
  return new AppError('no_callback', 'Nothing listens here for the way back from a sign-in', {
    hint: 'Start Signalbox with its HTTP face.',
    status: 409,
  })
}
