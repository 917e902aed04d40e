import type { AgentState, Conversation, ConversationSummary } from '../../shared/agent.ts'
import type { Decision } from '../../shared/approvals.ts'
import type { Callback } from '../../shared/callback.ts'
import type { Client, ClientId, ClientSighting, Profile, ProfileId } from '../../shared/client.ts'
import type { LogFilter, TaskFilter } from '../../shared/contract.ts'
import type { RunId, ServerId, TaskId } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import type { Rule, RuleId, RuleRun, WholeRuleRun } from '../../shared/rule.ts'
import type { Run } from '../../shared/server.ts'
import type { Held } from '../../shared/settings-contract.ts'
import type { DayStats } from '../../shared/snapshot.ts'
import type { Task, TaskError, TaskEvent, TaskStatus, TaskSummary } from '../../shared/task.ts'
import type { Transition } from '../../shared/transition.ts'
import type { LinkInfo, Listing } from '../links/link.ts'
import type { IntakeDeath, IntakeMessage, IntakeNews, IntakeRepo } from '../logs/intake-messages.ts'
import type { ChainVerdict } from './chain-verdict.ts'
import type { QueryObserver } from './database-worker.ts'
import type { DiskWatch } from './disk-watch.ts'
import type { LogLimits } from './log-prune.ts'
import type { MetricsRepo } from './metrics-repo.ts'
import type { TaskLimits } from './prune-repo.ts'
import type { WebhookRepo } from './webhook-repo.ts'

export interface Page<T> {
  items: T[]
  next_before: string | null
}

/**
 * The precious store: `<home>/signalbox.db`. Every write resolves once it is on record: in the journal for
 * tasks, committed for all else. What was acknowledged survives any death of the app. Rows come back as the contract's shapes.
 */
export interface Store extends AsyncDisposable {
  readonly tasks: TaskRepo
  readonly calls: CallRecorder
  readonly servers: ServerRepo
  readonly settings: SettingsRepo
  readonly consents: ConsentRepo
  readonly clients: ClientRepo
  readonly approvals: ApprovalRepo
  readonly webhooks: WebhookRepo
  /** Windows of charts. Calls are counted with the tasks themselves. */
  readonly metrics: MetricsRepo
  readonly callbacks: CallbackRepo
  readonly idempotency: IdempotencyRepo
  readonly agents: AgentRepo
  readonly rules: RuleRepo
  /** `read_only`: every write is refused, with AppError `store_read_only`. */
  readonly access: 'read_write' | 'read_only'
  /** Whether there is room; the log waits for it too. */
  readonly disk: DiskWatch
  /** Looks whether every finished task is what it was when it finished. */
  verifyChain(signal?: AbortSignal): Promise<ChainVerdict>
  /** Removes the oldest finished tasks, one small step; how many went. */
  prune(limits: TaskLimits): Promise<number>
  /** What the tasks are and take now. */
  held(): Promise<Held>
  /** One at a time; null: nobody. */
  observeQueries(observer: QueryObserver | null): void
  /** As SQLite has it on each connection: 2 is FULL, 1 is NORMAL. */
  synchronous(): Promise<{ tasks: number; settings: number }>
}

export interface NewTaskRow {
  task_id: TaskId
  agent: ServerId
  action: string
  origin: string
  parent_id: TaskId | null
  rerun_of: TaskId | null
  created_at: string
  timeout_ms: number
  parameters: Record<string, unknown>
}

/** What changes on a task; left-out fields stay. */
export interface TaskPatch {
  status?: TaskStatus
  run_id?: RunId | null
  started_at?: string
  finished_at?: string
  duration_ms?: number
  sent?: boolean
  result?: unknown
  error?: TaskError
  progress?: TaskSummary['progress']
}

export interface TaskRepo {
  insert(row: NewTaskRow, events: TaskEvent[]): Promise<void>
  /** The patch and its events in one transaction. */
  update(id: TaskId, patch: TaskPatch, events: TaskEvent[]): Promise<void>
  addEvents(events: TaskEvent[]): Promise<void>
  get(id: TaskId): Promise<Task | null>
  list(filter: TaskFilter & { before?: string; limit: number }): Promise<Page<TaskSummary>>
  facets(filter: TaskFilter): Promise<TaskFacets>
  events(id: TaskId, after?: number): Promise<TaskEvent[]>
  count(): Promise<number>
  /** Unfinished tasks of an app that died become `interrupted`, each with a status event; returns how many. */
  interruptOpen(at: string): Promise<number>
  /** Tasks that ended then or later, in the order of their end; of more than `most` the last ones. */
  endedSince(at: string, most: number): Promise<TaskSummary[]>
  day(now: string): Promise<DayStats>
  /** Calls created since then, by tool and by who made them. */
  use(since: string): Promise<ToolUse[]>
}

export interface ToolUse {
  agent: string
  action: string
  origin: string
  calls: number
  last_at: string
}

/**
 * Puts calls on record that leave at once, in two writes each, of texts that are ready. Both are on record when they return, or when
 * what they return resolves. `isAlone`: no other call is open with which it could share a write.
 */
export interface CallRecorder {
  /** A new task that is running and sent, which its time line need not say; `parametersText` is JSON. */
  begin(
    row: Omit<NewTaskRow, 'parameters'>,
    parametersText: string,
    sent: { started_at: string; run_id: RunId | null },
    isAlone: boolean,
  ): void | Promise<void>
  /** As `TaskRepo.update`, without the entry that the row implies; `resultText` is JSON, null where there is no result. */
  end(
    id: TaskId,
    patch: Omit<TaskPatch, 'result'>,
    resultText: string | null,
    events: TaskEvent[],
    isAlone: boolean,
  ): void | Promise<void>
}

export interface FacetCount {
  value: string
  count: number
}

export interface TaskFacets {
  total: number
  status: FacetCount[]
  agent: FacetCount[]
  action: FacetCount[]
  origin: FacetCount[]
}

/** What is remembered about a server between starts. */
export interface ServerMemory {
  id: ServerId
  wished: boolean
  last_call_at: string | null
  last_error: { code: string; message: string; hint: string | null; at: string } | null
}

/** The last listing and the era verdict, valid for one hash of the configuration. */
export interface ServerCache {
  hash: string
  info: LinkInfo
  listing: Listing
  at: string
}

export interface ServerRepo {
  memories(): Promise<ServerMemory[]>
  setWish(id: ServerId, wished: boolean): Promise<void>
  setLastCall(id: ServerId, at: string): Promise<void>
  setLastError(id: ServerId, error: ServerMemory['last_error']): Promise<void>
  cache(id: ServerId): Promise<ServerCache | null>
  setCache(id: ServerId, cache: ServerCache): Promise<void>
  /** Of each server only the newest thousand stay. */
  insertRun(run: Run): Promise<void>
  updateRun(id: RunId, patch: Partial<Omit<Run, 'id' | 'server'>>): Promise<void>
  runs(id: ServerId, page: { before?: string; limit: number }): Promise<Page<Run>>
  /** Runs without an end belong to an app that died; closes them with cause `app_died` and returns them. */
  closeOpenRuns(at: string): Promise<Run[]>
  /** Of each server only the newest thousand stay. */
  insertTransition(transition: Transition): Promise<void>
  /** Newest first. */
  transitions(id: ServerId, page: { before?: string; limit: number }): Promise<Page<Transition>>
}

/** What somebody agreed to run. A digest decides; the text beside it is masked, for people. */
export interface ConsentRecord {
  server: ServerId
  /** Over all fields. */
  hash: string
  fields: Readonly<Record<string, { digest: string; text: string }>>
  /** By name; null until its tools were listed once. */
  tools: Readonly<Record<string, { digest: string; text: string }>> | null
  agreed_at: string
  agreed_by: string
}

export interface ConsentRepo {
  all(): Promise<ConsentRecord[]>
  /** Replaces what was agreed to before. */
  set(record: ConsentRecord): Promise<void>
}

/** A client with what is kept of its token. */
export interface ClientRecord extends Client {
  /** SHA-256 of the issued token in hex; null while none was issued. */
  token_digest: string | null
  /** Random, in hex: its connect token is made of it and of the owner token. Worth nothing by itself. */
  connect_seed: string
  /** When what it may reach, or its token, last changed. */
  changed_at: string
}

export interface KeptProfile {
  profile: Profile
  changed_at: string
}

export interface KeptSighting {
  id: ClientId
  seen: ClientSighting
}

export interface ClientRepo {
  clients(): Promise<ClientRecord[]>
  /** Adds it, or replaces it. */
  setClient(record: ClientRecord): Promise<void>
  removeClient(id: ClientId): Promise<void>
  /** Of clients that are there; others are passed over. */
  setSightings(sightings: KeptSighting[]): Promise<void>
  profiles(): Promise<KeptProfile[]>
  setProfile(kept: KeptProfile): Promise<void>
  removeProfile(id: ProfileId): Promise<void>
}

/** An answer with what it was about: the digest of the tool as it was worded. */
export interface KeptDecision extends Decision {
  definition: string
}

export interface ApprovalRepo {
  insert(decision: KeptDecision): Promise<void>
  revoke(id: string, at: string): Promise<void>
  /** Those for always that are not revoked, the oldest first. */
  remembered(): Promise<KeptDecision[]>
  /** All, the newest first. */
  list(page: { before?: string | undefined; limit: number }): Promise<Page<Decision>>
}

/** A callback with the address that it goes to. */
export interface KeptCallback extends Omit<Callback, 'host'> {
  url: string
}

export interface CallbackRepo {
  /** Now and then removes those that ended before then, too. */
  insert(callback: KeptCallback, endedBefore: string): Promise<void>
  update(callback: KeptCallback): Promise<void>
  remove(taskId: TaskId): Promise<void>
  /** Those without an end, the oldest first. */
  open(): Promise<KeptCallback[]>
  ofTask(taskId: TaskId): Promise<KeptCallback | null>
}

/** A request with an `Idempotency-Key`, and the task that it makes. */
export interface IdempotentRequest {
  key: string
  /** SHA-256 in hex of what was asked for. */
  fingerprint: string
  task_id: TaskId
  created_at: string
}

export interface IdempotencyRepo {
  /** The request that has this key: this one, or one that came before. Those made before `expiredBefore` are forgotten now and then. */
  claim(request: IdempotentRequest, expiredBefore: string): Promise<IdempotentRequest>
  /** Nothing came of it: its key is free again. */
  release(request: IdempotentRequest): Promise<void>
}

export interface AgentRepo {
  /** Null where nothing was ever written. */
  state(agent: string): Promise<AgentState | null>
  /** `version`: the one that was read. What is written now; null where another version stood. */
  putState(state: AgentState & { updated_at: string }): Promise<AgentState | null>
  insertConversation(conversation: Conversation): Promise<void>
  conversation(id: string): Promise<Conversation | null>
  /** False where there is none, another version stands than was told, or it would hold more than `maxLength` characters of JSON. */
  appendMessages(
    id: string,
    append: { messages: Conversation['messages']; version: number | null; updated_at: string; maxLength: number },
  ): Promise<boolean>
  /** False where there was none. */
  removeConversation(id: string): Promise<boolean>
  /** The newest first. */
  conversations(page: {
    agent?: string | undefined
    before?: string | undefined
    limit: number
  }): Promise<Page<ConversationSummary>>
}

export interface RuleRunFilter {
  readonly rule?: RuleId | undefined
  readonly status?: RuleRun['status'][] | undefined
  readonly before?: string | undefined
  readonly limit: number
}

/** What changes on a run; left-out fields stay. */
export interface RuleRunPatch {
  readonly status?: RuleRun['status']
  readonly failure?: RuleRun['failure']
  readonly finished_at?: string
  readonly steps?: RuleRun['steps']
}

export interface RuleRepo {
  /** As they were written, the first made first: the reader knows which of them it understands. */
  all(): Promise<unknown[]>
  /** Adds it, or replaces it. */
  set(rule: Rule): Promise<void>
  remove(id: RuleId): Promise<void>
  /** False where the rule met this event before: then nothing is written. */
  insertRun(run: WholeRuleRun): Promise<boolean>
  updateRun(id: TaskId, patch: RuleRunPatch): Promise<void>
  /** The newest first. */
  runs(filter: RuleRunFilter): Promise<Page<RuleRun>>
  run(id: TaskId): Promise<WholeRuleRun | null>
  /** The newest of each rule. */
  lastRuns(): Promise<RuleRun[]>
  /** Ends runs without an end, which belong to an app that died; resolves to them. */
  interruptRuns(at: string): Promise<RuleRun[]>
}

export interface SettingsRepo {
  /** `undefined` for a key that was never set. */
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<void>
}

/** The expendable store: `<home>/logs.db`. Written in batches, lossy by contract: what is lost is counted. */
export interface LogStore extends AsyncDisposable {
  /** Where new lines go. */
  readonly intake: LogIntake
  /** As that of the precious store. */
  observeQueries(observer: QueryObserver | null): void
  append(lines: LogLine[]): Promise<void>
  list(
    filter: LogFilter & { before?: string; limit: number; span?: { from: string; to: string } },
  ): Promise<Page<LogLine>>
  /** Lines after that `seq` and up to `through`, oldest first: for a reader that comes back. */
  following(filter: LogFilter & { after: number; through: number; limit: number }): Promise<LogLine[]>
  overview(range: { since?: string; until?: string }): Promise<LogOverview>
  lastSeq(): Promise<number>
  held(): Promise<Held>
  /** Removes the oldest lines, one small step; how many went. */
  prune(limits: LogLimits): Promise<number>
}

/** The main thread's end of the log's thread. */
export interface LogIntake extends IntakeRepo {
  /** Never throws; `transfer` is given away. */
  tell(message: IntakeMessage, transfer?: readonly ArrayBuffer[]): void
  onNews(listener: (news: IntakeNews | IntakeDeath) => void): Disposable
}

export interface LogOverview {
  total: number
  servers: { server: ServerId; lines: number; dropped: number; last_at: string | null }[]
  minutes: { at: string; lines: number; warnings: number; errors: number }[]
}
