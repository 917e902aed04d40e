import { dirname } from 'node:path'
import type { Banner } from '../../shared/snapshot.ts'
import type { IntakeRepo } from '../logs/intake-messages.ts'
import type { ChainRepo } from './chain-repo.ts'
import { verifyChain } from './chain-verdict.ts'
import { DatabaseWorker } from './database-worker.ts'
import { DiskWatch } from './disk-watch.ts'
import type { DurabilityRepo } from './durability-repo.ts'
import { Journal } from './journal.ts'
import { journalFolderOf } from './journal-folder.ts'
import type { JournalRepo } from './journal-repo.ts'
import { JournaledTasks } from './journaled-tasks.ts'
import type { MetricsRepo } from './metrics-repo.ts'
import type { PruneRepo } from './prune-repo.ts'
import { powerCutKey } from './setting-keys.ts'
import type {
  AgentRepo,
  ApprovalRepo,
  CallbackRepo,
  CallRecorder,
  ClientRepo,
  ConsentRepo,
  IdempotencyRepo,
  LogIntake,
  LogStore,
  RuleRepo,
  ServerRepo,
  SettingsRepo,
  Store,
  TaskRepo,
} from './store.ts'
import {
  agentAccess,
  approvalAccess,
  callbackAccess,
  chainAccess,
  clientAccess,
  consentAccess,
  durabilityAccess,
  idempotencyAccess,
  intakeAccess,
  journalAccess,
  type LogRepo,
  logAccess,
  metricsAccess,
  type Opened,
  pruneAccess,
  ruleAccess,
  serverAccess,
  settingsAccess,
  taskAccess,
  webhookAccess,
} from './store-protocol.ts'
import type { WebhookRepo } from './webhook-repo.ts'

interface OpenOptions {
  /** Absolute path of the database; its folder is made if missing. */
  file: string
  /** Absolute path of the worker's module: `Host.storeWorker`. */
  worker: string
  /** Told what a person should know of a store in use, and null when it is well again; the disk tells for itself. */
  onBanner?: (banner: Banner | null) => void
}

/**
 * The precious store, and what a person should know about its opening: damaged and set aside, or newer and read-only.
 * Rejects with AppError `home_read_only`, `disk_full`, `store_busy`, `foreign_database` …
 */
export async function openStore({
  file,
  worker,
  onBanner = () => {},
}: OpenOptions): Promise<{ store: Store; banner: Banner | null }> {
  await using stack = new AsyncDisposableStack()
  const { database, banner, access, journal } = await DatabaseWorker.open(worker, { file, kind: 'precious' })
  stack.use(database)
  const disk = stack.use(new DiskWatch(dirname(file)))
  const rows = database.repo<TaskRepo>('tasks', taskAccess)
  const settings = database.repo<SettingsRepo>('settings', settingsAccess)
  const durability = database.repo<DurabilityRepo>('durability', durabilityAccess)
  const chain = database.repo<ChainRepo>('chain', chainAccess)
  const windows = database.repo<MetricsRepo>('metrics', metricsAccess)
  const retained = database.repo<PruneRepo>('prune', pruneAccess)
  const journaled = journal && stack.use(openJournal(journal))
  const owned = stack.move()
  const store: Store = {
    tasks: journaled ?? rows,
    calls: journaled ?? plainCalls(rows),
    servers: database.repo<ServerRepo>('servers', serverAccess),
    consents: database.repo<ConsentRepo>('consents', consentAccess),
    clients: database.repo<ClientRepo>('clients', clientAccess),
    metrics: {
      ...windows,
      calls: async (span, of) => {
        await journalInTables()
        return windows.calls(span, of)
      },
      tools: async (span) => {
        await journalInTables()
        return windows.tools(span)
      },
    },
    approvals: database.repo<ApprovalRepo>('approvals', approvalAccess),
    webhooks: database.repo<WebhookRepo>('webhooks', webhookAccess),
    callbacks: database.repo<CallbackRepo>('callbacks', callbackAccess),
    idempotency: database.repo<IdempotencyRepo>('idempotency', idempotencyAccess),
    agents: database.repo<AgentRepo>('agents', agentAccess),
    rules: database.repo<RuleRepo>('rules', ruleAccess),
    settings: {
      get: settings.get,
      set: async (key, value) => {
        await settings.set(key, value)
        if (key === powerCutKey) await survivePowerCut(value === true)
      },
    },
    access,
    disk,
    verifyChain: async (signal) => {
      await journalInTables()
      return verifyChain(chain, signal)
    },
    prune: async (limits) => {
      await journalInTables()
      return retained.prune(limits)
    },
    held: async () => {
      await journalInTables()
      return retained.held()
    },
    observeQueries: (observer) => {
      database.observer = observer
    },
    synchronous: () => durability.synchronous(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
  return { store, banner }

  /** A read of the tasks waits until the tables hold what the journal holds. */
  async function journalInTables(): Promise<void> {
    await store.tasks.count()
  }

  function openJournal({ store, position, survivesPowerCut }: NonNullable<Opened['journal']>): JournaledTasks {
    const folder = journalFolderOf(file)
    const records = database.repo<JournalRepo>('journal', journalAccess)
    const parts = { journal: new Journal({ folder, store, position }), folder, records, rows, disk, onBanner }
    return new JournaledTasks(parts, dirname(file), survivesPowerCut)
  }

  /** The tables first: from the moment that the journal syncs, nothing that it loses may be lost by them. */
  async function survivePowerCut(on: boolean): Promise<void> {
    await durability.survivePowerCut(on)
    if (journaled) journaled.survivesPowerCut = on
  }
}

/** Without a journal: by the rows' own writes, which a store that is open for reading only refuses. */
function plainCalls(rows: TaskRepo): CallRecorder {
  return {
    begin: async (row, parametersText, sent) => {
      await rows.insert({ ...row, parameters: JSON.parse(parametersText) }, [])
      await rows.update(row.task_id, { ...sent, status: 'running', sent: true }, [])
    },
    end: (id, patch, resultText, events) => {
      const result = resultText === null ? {} : { result: JSON.parse(resultText) }
      return rows.update(id, { ...patch, ...result }, events)
    },
  }
}

/** The expendable store of log lines; answers and rejects as `openStore` does. */
export async function openLogStore({ file, worker }: OpenOptions): Promise<{ store: LogStore; banner: Banner | null }> {
  const { database, banner } = await DatabaseWorker.open(worker, { file, kind: 'logs' })
  const repo = database.repo<LogRepo>('logs', logAccess)
  const intake: LogIntake = {
    ...database.repo<IntakeRepo>('intake', intakeAccess),
    tell: (message, transfer) => database.tell(message, transfer),
    onNews: (listener) => database.onNews(listener),
  }
  const observeQueries: LogStore['observeQueries'] = (observer) => {
    database.observer = observer
  }
  return {
    store: { ...repo, intake, observeQueries, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() },
    banner,
  }
}
