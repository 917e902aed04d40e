import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { Banner } from '../../shared/snapshot.ts'
import type { Connections } from '../clients/connect/connections.ts'
import type { ConsentGate } from '../consent/consent-gate.ts'
import type { Host } from '../host.ts'
import type { AuthorizerFor } from '../links/authorizer.ts'
import type { Listing } from '../links/link.ts'
import type { Masker } from '../secrets/masker.ts'
import type { ProcessRegistry } from '../servers/process-registry.ts'
import type { SearchPath } from '../servers/search-path.ts'
import type { DatabaseKind } from '../store/open-database.ts'

/** What an examination stands on: the home alone, or the program that runs in it. */
export interface Surroundings {
  readonly host: Host
  readonly masker: Masker
  readonly searchPath: SearchPath
  /** What servers' environments begin with. */
  readonly baseEnv: Readonly<Record<string, string>>
  readonly consent: ConsentGate
  readonly authorizerFor: AuthorizerFor
  readonly installId: string
  readonly registry: ProcessRegistry
  readonly connections: Connections
  /** Of the HTTP face that runs or would run. */
  readonly port: number
  /** The program itself, where the examination takes place in it. */
  readonly running: RunningProgram | null
  saveEntry(id: ServerId, entry: Record<string, unknown>): Promise<void>
  setSecret(name: string, value: string): Promise<void>
}

export interface RunningProgram {
  readonly url: string | null
  /** What it has to say of a store; null where that is open and sound. */
  bannerOf(kind: DatabaseKind): Banner | null
  server(id: ServerId): Server | null
  listing(id: ServerId): Listing | null
}
