import { randomBytes } from 'node:crypto'
import { AppError, type Failure, failureOf } from '../../shared/app-error.ts'
import { uuidV7 } from '../../shared/ids.ts'
import type { Signing, WebhookSource } from '../../shared/webhooks.ts'
import { newSecret } from '../api/secret.ts'
import type { SecretVault } from '../host.ts'
import { managedSecretPrefix } from '../secrets/managed-secrets.ts'
import type { Masker } from '../secrets/masker.ts'
import type { KeptSource, WebhookRepo } from '../store/webhook-repo.ts'
import { standardKey } from './verify-signature.ts'

interface Parts {
  repo: Pick<WebhookRepo, 'sources' | 'setSource' | 'removeSource'>
  vault: SecretVault | null
  masker: Masker
  onChange(sources: WebhookSource[]): void
}

interface WithSecret {
  source: WebhookSource
  secret: string
}

/** A source with the values of its secrets. */
export interface OpenSource {
  readonly id: string
  readonly name: string
  readonly signing: Signing
  readonly secrets: readonly string[]
}

interface Held {
  kept: KeptSource
  secrets: readonly string[]
  problem: Failure | null
}

/** Two while one is being replaced, and a few for senders that share an address. */
const mostSecrets = 5
const leastStandardBytes = 16

/** Who may send webhooks: in memory for those that come, in the store and, their secrets, in the vault for the next start. */
export class SourceBook {
  readonly #parts: Parts
  readonly #held = new Map<string, Held>()
  #changed: Promise<unknown> = Promise.resolve()

  private constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A secret that cannot be read closes its source and no other. */
  static async open(parts: Parts): Promise<SourceBook> {
    const book = new SourceBook(parts)
    for (const kept of await parts.repo.sources()) book.#held.set(kept.id, await book.#load(kept))
    return book
  }

  /** The first made first. */
  list(): WebhookSource[] {
    return [...this.#held.values()].map(told)
  }

  /** Those that send to a path below `/webhooks/`. GitHub's share one. */
  sendingTo(place: { kind: 'github' } | { kind: 'named'; name: string }): OpenSource[] {
    return [...this.#held.values()]
      .filter(({ kept: { name, signing } }) =>
        place.kind === 'github' ? signing.kind === 'github' : signing.kind !== 'github' && name === place.name,
      )
      .map(({ kept: { id, name, signing }, secrets }) => ({ id, name, signing, secrets }))
  }

  /** @throws AppError `source_exists` (409), `invalid_secret` (400), and what the vault refuses. */
  create(name: string, signing: Signing, given?: string): Promise<WithSecret> {
    return this.#inTurn(async () => {
      this.#refuseTaken(name, signing)
      const kept: KeptSource = { id: uuidV7(), name, signing, secrets: [], created_at: new Date().toISOString() }
      return this.#add({ kept, secrets: [], problem: null }, given)
    })
  }

  /** @throws AppError `unknown_source` (404), `too_many_secrets` (409), and as `create`. */
  addSecret(id: string, given?: string): Promise<WithSecret> {
    return this.#inTurn(async () => {
      const held = this.#find(id)
      if (held.kept.secrets.length >= mostSecrets) throw tooManySecrets(held.kept.name)
      return this.#add(held, given)
    })
  }

  /** @throws AppError `unknown_source`, `unknown_secret` (404), `last_secret` (409). */
  removeSecret(id: string, secretId: string): Promise<WebhookSource> {
    return this.#inTurn(async () => {
      const { kept } = this.#find(id)
      const left = kept.secrets.filter((secret) => secret.id !== secretId)
      if (left.length === kept.secrets.length) throw unknownSecret()
      if (left.length === 0) throw lastSecret(kept.name)
      const now = { ...kept, secrets: left }
      await this.#parts.repo.setSource(now)
      await this.#parts.vault?.delete(nameInVault(id, secretId))
      const held = await this.#load(now)
      this.#held.set(id, held)
      return told(held)
    })
  }

  /** @throws AppError `unknown_source` (404). */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { kept } = this.#find(id)
      this.#held.delete(id)
      await this.#parts.repo.removeSource(id)
      for (const secret of kept.secrets) await this.#parts.vault?.delete(nameInVault(id, secret.id))
    })
  }

  /** The secret first: a source in the store has all of its secrets in the vault. */
  async #add({ kept, secrets }: Held, given: string | undefined): Promise<WithSecret> {
    const value = given ?? generated(kept.signing)
    if (given !== undefined) refuseUnusable(given, kept.signing)
    const secret = { id: uuidV7(), hint: value.slice(-4), created_at: new Date().toISOString() }
    this.#parts.masker.learn([value])
    await this.#vault().set(nameInVault(kept.id, secret.id), value)
    const held = { kept: { ...kept, secrets: [...kept.secrets, secret] }, secrets: [...secrets, value], problem: null }
    await this.#parts.repo.setSource(held.kept)
    this.#held.set(kept.id, held)
    return { source: told(held), secret: value }
  }

  async #load(kept: KeptSource): Promise<Held> {
    try {
      const read = await Promise.all(kept.secrets.map(({ id }) => this.#vault().get(nameInVault(kept.id, id))))
      const secrets = read.filter((value) => value !== null)
      this.#parts.masker.learn(secrets)
      return { kept, secrets, problem: secrets.length < read.length ? secretGone : null }
    } catch (error) {
      return { kept, secrets: [], problem: failureOf(error) }
    }
  }

  #find(id: string): Held {
    const held = this.#held.get(id)
    if (held !== undefined) return held
    throw new AppError('unknown_source', 'There is no such source of webhooks.', {
      status: 404,
      hint: 'List them with GET /api/v1/webhook-sources.',
    })
  }

  #refuseTaken(name: string, signing: Signing): void {
    const isTaken = [...this.#held.values()].some(({ kept }) => kept.name === name)
    // The address is GitHub's: what another sender signs never arrives there.
    if (!isTaken && (name !== 'github' || signing.kind === 'github')) return
    throw new AppError('source_exists', `The name "${name}" is taken.`, {
      status: 409,
      hint: 'Choose another name, or add a secret to the source that has it.',
    })
  }

  #vault(): SecretVault {
    if (this.#parts.vault !== null) return this.#parts.vault
    throw new AppError('no_vault', 'There is no vault here that could hold the secret.', {
      status: 409,
      hint: 'Run Signalbox on the desktop or with "signalbox serve"; both have one.',
    })
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changed.then(change)
    this.#changed = changed.then(
      () => this.#parts.onChange(this.list()),
      // Whoever asked for it is told.
      () => {},
    )
    return changed
  }
}

function told({ kept, problem }: Held): WebhookSource {
  const path = kept.signing.kind === 'github' ? '/webhooks/github' : `/webhooks/${kept.name}`
  return { ...kept, path, problem }
}

function generated({ kind }: Signing): string {
  return kind === 'standard' ? `whsec_${randomBytes(32).toString('base64')}` : newSecret()
}

function refuseUnusable(secret: string, { kind }: Signing): void {
  // Node passes over what is no base64: the key would be another than that of the sender.
  const isBase64 = /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/.test(secret)
  if (kind !== 'standard' || (isBase64 && standardKey(secret).length >= leastStandardBytes)) return
  throw new AppError('invalid_secret', 'A secret of Standard Webhooks is base64, behind "whsec_".', {
    status: 400,
    hint: 'Copy it from the sender as it stands there, or leave it out and enter ours there.',
  })
}

function nameInVault(source: string, secret: string): string {
  return `${managedSecretPrefix}webhook:${source}:${secret}`
}

const secretGone: Failure = {
  code: 'secret_gone',
  message: 'A secret of it is not in the vault.',
  hint: 'Add a new one and enter that at the sender.',
}

function unknownSecret(): AppError {
  return new AppError('unknown_secret', 'It has no such secret.', { status: 404, hint: 'List the sources first.' })
}

function lastSecret(name: string): AppError {
  return new AppError('last_secret', `"${name}" has no other secret.`, {
    status: 409,
    hint: 'Add the new one first, or remove the source.',
  })
}

function tooManySecrets(name: string): AppError {
  return new AppError('too_many_secrets', `"${name}" has ${mostSecrets} secrets already.`, {
    status: 409,
    hint: 'Remove one that its sender no longer uses.',
  })
}
