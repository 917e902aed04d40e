import type { ClientId, ClientSighting, Profile, ProfileId } from '../../shared/client.ts'

/** Who stands behind a request to the gateway. */
export interface Caller {
  /** On its tasks: `client:<name>`, or `owner` for the owner token. */
  readonly origin: string
  /** Null: the owner. */
  readonly client: ClientId | null
  /** When the client was made: earlier tasks of its origin are those of another that had its name. */
  readonly since?: string
  /** What it may reach; null: everything. Read anew for every request, for the person may switch it meanwhile. */
  readonly profile: Profile | null
}

/** What the gateway asks of those who keep the clients. Everything here is answered from memory, on the hot path. */
export interface CallerBook {
  /** By its bearer token, compared by hash in constant time; null when it is unknown or revoked. */
  callerOf(token: string): Caller | null
  profile(id: ProfileId): Profile | null
  /** Told at most once a second for each client; kept in the store off the hot path. */
  noteSeen(client: ClientId, seen: Pick<ClientSighting, 'era' | 'protocol_version' | 'implementation'>): void
  noteServed(client: ClientId, tools: number): void
  noteCall(client: ClientId): void
  /** Told when a client's or a profile's grants changed, so that list changes can be announced. */
  onGrantsChanged(listener: () => void): Disposable
}
