import type { Banner } from '../../shared/snapshot.ts'
import { DatabaseWorker } from './database-worker.ts'
import type { ConsentRepo, LogStore, ServerRepo, SettingsRepo, Store, TaskRepo } from './store.ts'
import { consentAccess, type LogRepo, logAccess, serverAccess, settingsAccess, taskAccess } from './store-protocol.ts'

interface OpenOptions {
  /** Absolute path of the database; its folder is made if missing. */
  file: string
  /** Absolute path of the worker's module: `Host.storeWorker`. */
  worker: string
}

/**
 * The precious store, and what a person should know about its opening: damaged and set aside, or newer and read-only.
 * Rejects with AppError `home_read_only`, `disk_full`, `store_busy`, `foreign_database` …
 */
export async function openStore({ file, worker }: OpenOptions): Promise<{ store: Store; banner: Banner | null }> {
  const { database, banner } = await DatabaseWorker.open(worker, { file, kind: 'precious' })
  const store: Store = {
    tasks: database.repo<TaskRepo>('tasks', taskAccess),
    servers: database.repo<ServerRepo>('servers', serverAccess),
    consents: database.repo<ConsentRepo>('consents', consentAccess),
    settings: database.repo<SettingsRepo>('settings', settingsAccess),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
  return { store, banner }
}

/** The expendable store of log lines; answers and rejects as `openStore` does. */
export async function openLogStore({ file, worker }: OpenOptions): Promise<{ store: LogStore; banner: Banner | null }> {
  const { database, banner } = await DatabaseWorker.open(worker, { file, kind: 'logs' })
  const repo = database.repo<LogRepo>('logs', logAccess)
  return { store: { ...repo, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }, banner }
}
