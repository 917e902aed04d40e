import { join } from 'node:path'
import { failureOf } from '../shared/app-error.ts'
import type { Banners } from './banners.ts'
import type { Host } from './host.ts'
import type { LogPipeline } from './logs/log-pipeline.ts'
import { createLogPipeline } from './logs/pipeline.ts'
import { maskedStore } from './secrets/masked-store.ts'
import type { Masker } from './secrets/masker.ts'
import { LowDiskWatch } from './store/low-disk.ts'
import { openLogStore, openStore } from './store/open-store.ts'
import type { LogStore, Store } from './store/store.ts'

interface OpenStores extends AsyncDisposable {
  readonly store: Store
  readonly logStore: LogStore
  /** Writes into the log store, and holds while the disk is full. */
  readonly logs: LogPipeline
}

/**
 * Opens both stores; what a person should know about them, now and later, becomes a banner.
 * @throws AppError `home_read_only`, `disk_full`, `store_busy` and what else `openStore` refuses.
 */
export async function openStores(host: Host, masker: Masker, banners: Banners): Promise<OpenStores> {
  await using stack = new AsyncDisposableStack()
  const { store: precious, banner } = await openStore({
    file: join(host.home, 'signalbox.db'),
    worker: host.storeWorker,
    onBanner: (now) => banners.set('store', now),
  })
  const store = stack.use(maskedStore(precious, masker))
  banners.set('store', banner)
  banners.set('disk', store.disk.banner)
  stack.use(store.disk.onChange((now) => banners.set('disk', now)))
  const room = stack.use(new LowDiskWatch({ home: host.home, onChange: (now) => banners.set('room', now) }))
  await room.look()
  const opened = await openLogStore({ file: join(host.home, 'logs.db'), worker: host.storeWorker })
  const logStore = stack.use(opened.store)
  banners.set('logs', opened.banner)
  const logs = stack.use(
    createLogPipeline({
      intake: logStore.intake,
      masker,
      onStoreFailure: onLogStoreFailure,
      onStoreRecovery: () => banners.set('logs', null),
    }),
  )
  logs.hold(store.disk.isFull)
  stack.use(store.disk.onChange(() => logs.hold(store.disk.isFull)))
  const owned = stack.move()
  return { store, logStore, logs, [Symbol.asyncDispose]: () => owned.disposeAsync() }

  function onLogStoreFailure(error: unknown): void {
    const { code, message, hint } = failureOf(error)
    const since = new Date().toISOString()
    const text = `Log lines are shown but no longer kept: ${message}`
    if (code === 'disk_full') store.disk.full()
    else banners.set('logs', { code, severity: 'caution', message: text, hint, since })
  }
}
