import { timingSafeEqual } from 'node:crypto'
import { AppError } from '../../../shared/app-error.ts'
import type { Client, ClientId, Profile, ProfileId } from '../../../shared/client.ts'
import { uuidV7 } from '../../../shared/ids.ts'
import { programIdSchema } from '../../../shared/import.ts'
import type { EngineEvent } from '../../../shared/snapshot.ts'
import { digestOf } from '../../api/secret.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { ClientRecord, ClientRepo, KeptProfile } from '../../store/store.ts'
import type { Caller, CallerBook } from '../caller.ts'
import { connectToken, hintOf, newClientToken, newConnectSeed, tokenDigest } from './client-token.ts'
import { SightingKeeper } from './sighting-keeper.ts'

interface Parts {
  repo: ClientRepo
  ownerToken: string
  masker: Masker
  publish(event: EngineEvent): void
}

interface NewClient {
  name: string
  program?: string | null
  profile?: ProfileId | null
}

export interface WithToken {
  client: Client
  token: string
}

/** Stands for a profile that is gone: nobody reaches more because something was lost. */
const nothing: Omit<Profile, 'id'> = { name: 'Missing', others: 'off', servers: [] }

/**
 * The clients, their tokens and their profiles: in memory for the gateway, in the store for the next start. A token is
 * kept as its SHA-256 alone. Changes are made one after another.
 */
export class ClientBook implements CallerBook, AsyncDisposable {
  readonly #parts: Parts
  readonly #clients: Map<ClientId, ClientRecord>
  readonly #profiles: Map<ProfileId, KeptProfile>
  readonly #sightings: SightingKeeper
  readonly #listeners = new Set<() => void>()
  /** By the digest of a token in hex. */
  readonly #callers = new Map<string, { digest: Buffer; caller: Caller }>()
  #changed: Promise<unknown> = Promise.resolve()

  private constructor(parts: Parts, clients: readonly ClientRecord[], profiles: readonly KeptProfile[]) {
    this.#parts = parts
    this.#clients = new Map(clients.map((record) => [record.id, record]))
    this.#profiles = new Map(profiles.map((kept) => [kept.profile.id, kept]))
    this.#sightings = new SightingKeeper({
      known: clients.flatMap(({ id, seen }) => (seen === null ? [] : [[id, seen] as const])),
      keep: (sightings) => parts.repo.setSightings(sightings),
      onSeen: (id) => this.#tell(id),
    })
    this.#admit()
  }

  static async open(parts: Parts): Promise<ClientBook> {
    const [clients, profiles] = await Promise.all([parts.repo.clients(), parts.repo.profiles()])
    return new ClientBook(parts, clients, profiles)
  }

  callerOf(token: string): Caller | null {
    const digest = digestOf(token)
    const found = this.#callers.get(digest.toString('hex'))
    return found !== undefined && timingSafeEqual(found.digest, digest) ? found.caller : null
  }

  profile(id: ProfileId): Profile | null {
    return this.#profiles.get(id)?.profile ?? null
  }

  noteSeen: CallerBook['noteSeen'] = (id, seen) => {
    if (this.#clients.has(id)) this.#sightings.note(id, seen)
  }

  noteServed(id: ClientId, tools: number): void {
    this.#sightings.served(id, tools)
  }

  noteCall(id: ClientId): void {
    this.#sightings.called(id)
  }

  onGrantsChanged(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** The first made first. */
  list(): Client[] {
    return [...this.#clients.values()].map((record) => this.#told(record))
  }

  /** @throws AppError `unknown_client` (404). */
  get(id: ClientId): Client {
    return this.#told(this.#record(id))
  }

  /** By id. */
  profiles(): Profile[] {
    return [...this.#profiles.values()].map(({ profile }) => profile).sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** What a client may reach; null is everything. */
  profileOf(client: Pick<Client, 'profile'>): Profile | null {
    if (client.profile === null) return null
    return this.profile(client.profile) ?? { id: client.profile, ...nothing }
  }

  /** When what a client may reach last changed: its token, its profile, or what the profile says. */
  grantsChangedAt(id: ClientId): string {
    const { changed_at, profile } = this.#record(id)
    const profileAt = profile === null ? '' : (this.#profiles.get(profile)?.changed_at ?? '')
    return [changed_at, profileAt].sort().at(-1)!
  }

  /** @throws AppError `client_exists` (409), `unknown_profile` (404). */
  issue(facts: NewClient): Promise<WithToken> {
    return this.#inTurn(async () => {
      const token = this.#newToken()
      const digest = tokenDigest(token)
      const record = await this.#put(this.#newRecord(facts, { token_digest: digest, token_hint: hintOf(token) }))
      return { client: this.#told(record), token }
    })
  }

  /**
   * The client of that name, made when it is missing, and its connect token: the same each time, until it is rotated.
   * @throws AppError `client_revoked` (409): what a person has ended does not come back by itself.
   */
  ensure({ name, program }: { name: string; program?: string | undefined }): Promise<WithToken> {
    return this.#inTurn(async () => {
      const found = this.#named(name)
      if (found?.revoked_at) throw revoked(found.name)
      // Entries that we write into a program's file name the client by the program's id.
      const known = program ?? programIdSchema.safeParse(name).data ?? null
      const record = found ?? (await this.#put(this.#newConnectRecord({ name, program: known })))
      const wanted = program ?? record.program ?? known
      const now = record.program === wanted ? record : await this.#put({ ...record, program: wanted })
      return { client: this.#told(now), token: this.#connectToken(now) }
    })
  }

  /** @throws AppError `client_revoked` (409). */
  rotate(id: ClientId): Promise<WithToken> {
    return this.#inTurn(async () => {
      const before = this.#record(id)
      if (before.revoked_at !== null) throw revoked(before.name)
      const token = this.#newToken()
      const now = new Date().toISOString()
      const secrets = { token_digest: tokenDigest(token), token_hint: hintOf(token), connect_seed: newConnectSeed() }
      const record = await this.#put({ ...before, ...secrets, rotated_at: now, changed_at: now })
      return { client: this.#told(record), token }
    })
  }

  /** At once, even where it cannot be written down: then it rejects, and holds until the program ends. */
  revoke(id: ClientId): Promise<Client> {
    return this.#inTurn(async () => {
      const before = this.#record(id)
      if (before.revoked_at !== null) return this.#told(before)
      const now = new Date().toISOString()
      const record = { ...before, revoked_at: now, changed_at: now }
      this.#take(record)
      await this.#parts.repo.setClient(this.#kept(record))
      return this.#told(record)
    })
  }

  /** @throws AppError `client_exists` (409). */
  rename(id: ClientId, name: string): Promise<Client> {
    return this.#inTurn(async () => {
      const before = this.#record(id)
      this.#refuseTaken(name, id)
      return this.#told(await this.#put({ ...before, name }))
    })
  }

  /** @throws AppError `unknown_profile` (404). */
  setProfile(id: ClientId, profile: ProfileId | null): Promise<Client> {
    return this.#inTurn(async () => {
      const before = this.#record(id)
      this.#refuseUnknown(profile)
      if (before.profile === profile) return this.#told(before)
      return this.#told(await this.#put({ ...before, profile, changed_at: new Date().toISOString() }))
    })
  }

  /** At once, as `revoke`. */
  remove(id: ClientId): Promise<void> {
    return this.#inTurn(async () => {
      this.#record(id)
      this.#clients.delete(id)
      this.#sightings.forget(id)
      this.#admit()
      this.#parts.publish({ type: 'client.removed', id })
      this.#tellGrants()
      await this.#parts.repo.removeClient(id)
    })
  }

  saveProfile(profile: Profile): Promise<Profile> {
    return this.#inTurn(async () => {
      const kept = { profile, changed_at: new Date().toISOString() }
      await this.#parts.repo.setProfile(kept)
      this.#profiles.set(profile.id, kept)
      this.#admit()
      this.#parts.publish({ type: 'profile.changed', profile })
      this.#tellGrants()
      return profile
    })
  }

  /** @throws AppError `unknown_profile` (404), `profile_in_use` (409). */
  removeProfile(id: ProfileId): Promise<void> {
    return this.#inTurn(async () => {
      this.#refuseUnknown(id)
      const holders = [...this.#clients.values()].filter((client) => client.profile === id)
      if (holders.length > 0) throw profileInUse(id, holders)
      await this.#parts.repo.removeProfile(id)
      this.#profiles.delete(id)
      this.#parts.publish({ type: 'profile.removed', id })
      this.#tellGrants()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changed.catch(() => {})
    await this.#sightings[Symbol.asyncDispose]()
  }

  /** One after another: two that ask for a new client of one name get the same. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changed.catch(() => {}).then(change)
    this.#changed = changed
    return changed
  }

  #record(id: ClientId): ClientRecord {
    const found = this.#clients.get(id)
    if (found !== undefined) return found
    throw new AppError('unknown_client', 'There is no such client.', { status: 404, hint: 'List them first.' })
  }

  #named(name: string): ClientRecord | undefined {
    const wanted = name.toLowerCase()
    return [...this.#clients.values()].find((client) => client.name.toLowerCase() === wanted)
  }

  #newRecord(
    { name, program = null, profile = null }: NewClient,
    token: Pick<ClientRecord, 'token_digest' | 'token_hint'>,
  ): ClientRecord {
    this.#refuseTaken(name, null)
    this.#refuseUnknown(profile)
    const now = new Date().toISOString()
    const times = { created_at: now, changed_at: now, rotated_at: null, revoked_at: null }
    const connect_seed = newConnectSeed()
    return { id: uuidV7() as ClientId, name, program, profile, ...token, connect_seed, ...times, seen: null }
  }

  /** Nobody was given a token of it, so its hint is that of the connect token. */
  #newConnectRecord(facts: NewClient): ClientRecord {
    const record = this.#newRecord(facts, { token_digest: null, token_hint: '' })
    return { ...record, token_hint: hintOf(this.#connectToken(record)) }
  }

  #newToken(): string {
    const token = newClientToken()
    this.#parts.masker.learn([token])
    return token
  }

  #connectToken({ connect_seed }: ClientRecord): string {
    return connectToken(this.#parts.ownerToken, connect_seed)
  }

  #refuseTaken(name: string, by: ClientId | null): void {
    const found = this.#named(name)
    if (found === undefined || found.id === by) return
    throw new AppError('client_exists', `There is a client "${found.name}" already.`, {
      status: 409,
      hint: found.revoked_at === null ? 'Choose another name, or rotate its token.' : 'Remove that one first.',
    })
  }

  #refuseUnknown(profile: ProfileId | null): void {
    if (profile === null || this.#profiles.has(profile)) return
    throw new AppError('unknown_profile', `There is no profile "${profile}".`, {
      status: 404,
      hint: `Known profiles: ${[...this.#profiles.keys()].sort().join(', ') || 'none'}.`,
    })
  }

  async #put(record: ClientRecord): Promise<ClientRecord> {
    await this.#parts.repo.setClient(this.#kept(record))
    this.#take(record)
    return record
  }

  #take(record: ClientRecord): void {
    this.#clients.set(record.id, record)
    this.#admit()
    this.#tell(record.id)
    this.#tellGrants()
  }

  /** The sighting of now: one that is older would replace it in the store. */
  #kept(record: ClientRecord): ClientRecord {
    return { ...record, seen: this.#sightings.of(record.id) }
  }

  #told(record: ClientRecord): Client {
    const { token_digest, connect_seed, changed_at, ...client } = this.#kept(record)
    return client
  }

  #tell(id: ClientId): void {
    const record = this.#clients.get(id)
    if (record !== undefined) this.#parts.publish({ type: 'client.changed', client: this.#told(record) })
  }

  #tellGrants(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Makes the callers anew: what a token stands for is looked up on the hot path and changes rarely. */
  #admit(): void {
    this.#callers.clear()
    for (const record of this.#clients.values()) {
      if (record.revoked_at !== null) continue
      const { id, name, created_at } = record
      const caller = { origin: `client:${name}`, client: id, since: created_at, profile: this.profileOf(record) }
      const token = this.#connectToken(record)
      this.#parts.masker.learn([token])
      const connect = tokenDigest(token)
      for (const digest of record.token_digest === null ? [connect] : [connect, record.token_digest]) {
        this.#callers.set(digest, { digest: Buffer.from(digest, 'hex'), caller })
      }
    }
  }
}

function revoked(name: string): AppError {
  return new AppError('client_revoked', `The token of "${name}" was revoked.`, {
    status: 409,
    hint: 'Remove the client to use its name again, or take another name.',
  })
}

function profileInUse(id: ProfileId, holders: readonly Client[]): AppError {
  const names = holders.map(({ name }) => name).join(', ')
  return new AppError('profile_in_use', `The profile "${id}" is held by ${names}.`, {
    status: 409,
    hint: 'Give them another profile first.',
  })
}
