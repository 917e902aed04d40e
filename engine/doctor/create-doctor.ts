import type { Banners } from '../banners.ts'
import type { Connections } from '../clients/connect/connections.ts'
import type { Configuration } from '../configuration.ts'
import type { ConsentGate } from '../consent/consent-gate.ts'
import type { Host } from '../host.ts'
import type { AuthorizerFor } from '../links/authorizer.ts'
import type { Masker } from '../secrets/masker.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { ProcessRegistry } from '../servers/process-registry.ts'
import type { SearchPath } from '../servers/search-path.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import { Doctor } from './doctor.ts'

interface Parts {
  readonly host: Host
  readonly masker: Masker
  readonly consent: ConsentGate
  readonly authorizerFor: AuthorizerFor
  readonly installId: string
  readonly registry: ProcessRegistry
  readonly connections: Connections
  readonly supervisor: Supervisor
  readonly configuration: Configuration
  readonly secrets: Secrets
  readonly banners: Banners
  readonly searchPath: () => SearchPath
  readonly url: () => string | null
}

/** The doctor of the running program. */
export function createDoctor(parts: Parts): Doctor {
  const { supervisor, configuration, secrets, banners, searchPath, url, ...shared } = parts
  return new Doctor(async () => ({
    ...shared,
    searchPath: searchPath(),
    baseEnv: supervisor.baseEnv,
    port: 0,
    running: {
      url: url(),
      bannerOf: (kind) => (kind === 'logs' ? banners.of('logs') : (banners.of('store') ?? banners.of('chain'))),
      server: (id) => supervisor.get(id),
      listing: (id) => supervisor.listing(id),
    },
    saveEntry: (id, entry) => configuration.save(id, entry),
    setSecret: (name, value) => secrets.set(name, value),
  }))
}
