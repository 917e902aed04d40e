import { AppError } from '../../shared/app-error.ts'
import type { Banner } from '../../shared/snapshot.ts'
import type { Backup } from '../backup/create-backup.ts'
import type { IntakeMessage, IntakeNews, IntakeRepo } from '../logs/intake-messages.ts'
import type { ChainRepo } from './chain-repo.ts'
import type { DurabilityRepo } from './durability-repo.ts'
import type { Access } from './group-commit.ts'
import type { JournalRepo } from './journal-repo.ts'
import type { MetricsRepo } from './metrics-repo.ts'
import type { DatabaseKind } from './open-database.ts'
import type { PruneRepo } from './prune-repo.ts'
import type {
  AgentRepo,
  ApprovalRepo,
  CallbackRepo,
  ClientRepo,
  ConsentRepo,
  IdempotencyRepo,
  LogStore,
  RuleRepo,
  ServerRepo,
  SettingsRepo,
  TaskRepo,
} from './store.ts'
import type { WebhookRepo } from './webhook-repo.ts'

/** What the main thread and the worker of one database say to each other. */
export interface WorkerInput {
  file: string
  kind: DatabaseKind
}

/** The other thing that the module of the worker can do, in a thread of its own: one backup, and then it ends. */
export interface BackupInput {
  kind: 'backup'
  home: string
  file: string
}

/** And another: a thread that compresses the texts which it is told. */
export interface PackerInput {
  kind: 'packer'
}

export type BackupOutput = { kind: 'done'; backup: Backup } | { kind: 'failed'; error: SentError }

export type Request = { id: number; repo: string; method: string; args: unknown[] } | { told: IntakeMessage } | 'close'

export interface SentError {
  code: string
  message: string
  hint: string | null
  status: number
  data: Record<string, unknown>
}

export function sent(error: unknown): SentError {
  const known = error instanceof AppError ? error : new AppError('store_failed', String(error))
  const { code, message, hint, status, data } = known
  return { code, message, hint, status, data }
}

export function received({ code, message, hint, status, data }: SentError): AppError {
  return new AppError(code, message, { hint, status, data })
}

export interface Opened {
  banner: Banner | null
  access: 'read_write' | 'read_only'
  /** Where the journal goes on; null for a database without one. */
  journal: { store: string; position: number; survivesPowerCut: boolean } | null
}

export type Response =
  | { kind: 'opened'; opened: Opened }
  | { kind: 'not_opened'; error: SentError }
  | { kind: 'done'; id: number; value: unknown }
  | { kind: 'failed'; id: number; error: SentError }
  /** Not an answer. */
  | { kind: 'news'; news: IntakeNews }

export type LogRepo = Omit<LogStore, keyof AsyncDisposable | 'intake' | 'observeQueries'>

type AccessOf<Repo> = Readonly<Record<keyof Repo, Access>>

/** Which calls write: those of a kind are committed together, and refused where the file is open for reading only. */
export const taskAccess: AccessOf<TaskRepo> = {
  insert: 'write',
  update: 'write',
  addEvents: 'write',
  get: 'read',
  list: 'read',
  facets: 'read',
  events: 'read',
  count: 'read',
  interruptOpen: 'write',
  endedSince: 'read',
  day: 'read',
  use: 'read',
}

export const serverAccess: AccessOf<ServerRepo> = {
  memories: 'read',
  setWish: 'durable',
  setLastCall: 'write',
  setLastError: 'write',
  cache: 'read',
  setCache: 'durable',
  insertRun: 'durable',
  updateRun: 'durable',
  runs: 'read',
  closeOpenRuns: 'durable',
  insertTransition: 'write',
  transitions: 'read',
}

export const settingsAccess: AccessOf<SettingsRepo> = { get: 'read', set: 'durable' }

export const consentAccess: AccessOf<ConsentRepo> = { all: 'read', set: 'durable' }

export const clientAccess: AccessOf<ClientRepo> = {
  clients: 'read',
  setClient: 'durable',
  removeClient: 'durable',
  setSightings: 'write',
  profiles: 'read',
  setProfile: 'durable',
  removeProfile: 'durable',
}

export const approvalAccess: AccessOf<ApprovalRepo> = {
  insert: 'durable',
  revoke: 'durable',
  remembered: 'read',
  list: 'read',
}

export const webhookAccess: AccessOf<WebhookRepo> = {
  sources: 'read',
  setSource: 'durable',
  removeSource: 'durable',
  record: 'durable',
  waiting: 'read',
  setHandled: 'durable',
  proven: 'read',
  get: 'read',
  list: 'read',
  prune: 'write',
}

export const callbackAccess: AccessOf<CallbackRepo> = {
  insert: 'durable',
  update: 'durable',
  remove: 'durable',
  open: 'read',
  ofTask: 'read',
}

export const idempotencyAccess: AccessOf<IdempotencyRepo> = { claim: 'durable', release: 'durable' }

export const agentAccess: AccessOf<AgentRepo> = {
  state: 'read',
  putState: 'durable',
  insertConversation: 'durable',
  conversation: 'read',
  appendMessages: 'durable',
  removeConversation: 'durable',
  conversations: 'read',
}

export const ruleAccess: AccessOf<RuleRepo> = {
  all: 'read',
  set: 'durable',
  remove: 'durable',
  insertRun: 'write',
  updateRun: 'write',
  runs: 'read',
  run: 'read',
  lastRuns: 'read',
  interruptRuns: 'write',
}

export const journalAccess: AccessOf<JournalRepo> = { apply: 'write' }

export const pruneAccess: AccessOf<PruneRepo> = { prune: 'write', held: 'read' }

export const metricsAccess: AccessOf<MetricsRepo> = {
  calls: 'read',
  tools: 'read',
  addGauges: 'write',
  gauges: 'read',
  prune: 'write',
}

export const chainAccess: AccessOf<ChainRepo> = { verify: 'read' }

/** A read to the queue: it may not run within a transaction. */
export const durabilityAccess: AccessOf<DurabilityRepo> = { survivePowerCut: 'read', synchronous: 'read' }

export const logAccess: AccessOf<LogRepo> = {
  append: 'write',
  list: 'read',
  following: 'read',
  overview: 'read',
  lastSeq: 'read',
  held: 'read',
  prune: 'write',
}

/** Reads to the queue: what they store has its own transactions. */
export const intakeAccess: AccessOf<IntakeRepo> = { nextBatch: 'read', flush: 'read', totals: 'read' }
