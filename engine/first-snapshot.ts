import type { Snapshot } from '../shared/snapshot.ts'
import type { Banners } from './banners.ts'
import type { ConfigFile } from './config/config-file.ts'
import type { ClientBook } from './gateway/clients/client-book.ts'
import type { Host } from './host.ts'
import type { SettingsBook } from './settings/settings-book.ts'
import type { Store } from './store/store.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

interface SnapshotParts {
  readonly host: Host
  readonly store: Store
  readonly startedAt: string
  readonly configFile: ConfigFile
  readonly banners: Banners
  readonly settings: SettingsBook
  readonly clients: ClientBook
  readonly webhooks: Webhooks
}

/** What is known before the first server is looked at. */
export async function firstSnapshot(parts: SnapshotParts): Promise<Snapshot> {
  const { host, store, startedAt, configFile, banners, settings, clients, webhooks } = parts
  const [tasks_total, recent, today, deliveries] = await Promise.all([
    store.tasks.count(),
    store.tasks.list({ limit: 20 }),
    store.tasks.day(startedAt),
    store.webhooks.list({ limit: 20 }),
  ])
  return {
    version: host.version,
    home: host.home,
    url: null,
    started_at: startedAt,
    servers: [],
    sign_ins: [],
    attention: [],
    config: configFile.status(),
    banner: banners.shown,
    running: [],
    recent: recent.items,
    tasks_total,
    day: today,
    settings: settings.state,
    questions: [],
    clients: clients.list(),
    profiles: clients.profiles(),
    approvals: [],
    webhook_sources: webhooks.book.list(),
    deliveries: deliveries.items,
    rules: [],
  }
}
