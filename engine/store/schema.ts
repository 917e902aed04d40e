import type { LogStream } from '../../shared/log.ts'
import type { TaskStatus } from '../../shared/task.ts'

/** Tables of the precious store. Times are RFC 3339 in UTC; columns that hold JSON say so; booleans are 0 or 1. */
export interface PreciousSchema {
  agent_tasks: AgentTaskTable
  task_events: TaskEventTable
  task_tallies: TaskTallyTable
  task_chain: TaskChainTable
  store_facts: StoreFactTable
  agent_conversations: AgentConversationTable
  agent_state: AgentStateTable
  settings: SettingTable
  servers: ServerTable
  runs: RunTable
  server_transitions: TransitionTable
  consents: ConsentTable
  clients: ClientTable
  profiles: ProfileTable
  rules: RuleTable
  rule_runs: RuleRunTable
  approval_decisions: ApprovalDecisionTable
  webhook_sources: WebhookSourceTable
  deliveries: DeliveryTable
  seen_deliveries: SeenDeliveryTable
  callback_deliveries: CallbackDeliveryTable
  idempotency_keys: IdempotencyKeyTable
}

/** Tables of the expendable store. Times are milliseconds since 1970: a line is small and there are many. */
export interface LogSchema {
  log_lines: LogLineTable
  log_minutes: LogMinuteTable
}

/** Bodies stand last, so that a list never reads their pages. */
export interface AgentTaskTable {
  /** UUID v7: the order of ids is the order of creation. */
  id: string
  agent_name: string
  action: string
  status: TaskStatus
  origin: string
  parent_id: string | null
  rerun_of: string | null
  run_id: string | null
  created_at: string
  started_at: string | null
  finished_at: string | null
  updated_at: string
  duration_ms: number | null
  timeout_ms: number
  sent: number
  error_code: string | null
  /** JSON. */
  progress: string | null
  /** JSON. */
  input: string
  /** JSON; null while there is no result. */
  output: string | null
  /** JSON. */
  error: string | null
}

export interface ApprovalDecisionTable {
  /** UUID v7: the order of ids is the order in which they were made. */
  id: string
  task_id: string
  server: string
  tool: string
  origin: string
  rule: string
  verdict: string
  remember: string
  scope: string
  /** SHA-256 in hex of the tool as it was worded then. */
  definition: string
  decided_by: string
  decided_at: string
  revoked_at: string | null
}

export interface TaskEventTable {
  task_id: string
  number: number
  id: string
  at: string
  offset_ms: number
  kind: string
  /** JSON. */
  data: string
}

/** How many tasks there are of each combination: counts and facets read this instead of the tasks. */
interface TaskTallyTable {
  agent_name: string
  action: string
  origin: string
  status: TaskStatus
  count: number
}

/** Finished tasks in the order in which they finished, each bound to the one before. */
export interface TaskChainTable {
  /** Rises by one. */
  number: number
  task_id: string
  /** SHA-256 of the finished row. */
  content: Buffer
  /** SHA-256 of the link before and the content. */
  link: Buffer
}

/** What the store knows about itself, by name: see `store-facts.ts`. */
interface StoreFactTable {
  name: string
  value: string
}

export interface AgentConversationTable {
  id: string
  agent_name: string
  /** JSON. */
  messages: string
  /** JSON. */
  metadata: string
  version: number
  created_at: string
  updated_at: string
}

export interface CallbackDeliveryTable {
  id: string
  task_id: string
  url: string
  state: string
  attempts: number
  next_at: string | null
  last_status: number | null
  /** JSON. */
  last_error: string | null
  created_at: string
  ended_at: string | null
}

interface IdempotencyKeyTable {
  key: string
  /** SHA-256 in hex of what was asked for. */
  fingerprint: string
  task_id: string
  created_at: string
}

export interface AgentStateTable {
  agent_name: string
  /** JSON. */
  state: string
  /** Compared on write. */
  version: number
  updated_at: string
}

interface SettingTable {
  key: string
  /** JSON. */
  value: string
}

export interface ServerTable {
  id: string
  wished: number
  last_call_at: string | null
  /** JSON. */
  last_error: string | null
  /** JSON of a ServerCache: hash, info, listing, at. */
  cache: string | null
}

export interface RunTable {
  id: string
  server: string
  pid: number | null
  started_at: string
  ready_at: string | null
  ended_at: string | null
  exit_code: number | null
  signal: string | null
  cause: string | null
  stderr_tail: string | null
}

export interface TransitionTable {
  /** UUID v7: in the order in which they happened. */
  id: string
  server: string
  at: string
  monotonic_ms: number
  start: number
  from: string
  to: string
  phase: string | null
  cause: string
  message: string | null
  run_id: string | null
  pid: number | null
  exit_code: number | null
  signal: string | null
  stderr_tail: string | null
}

interface ConsentTable {
  server: string
  hash: string
  /** JSON: digest and masked text by field. */
  fields: string
  /** JSON: digest and masked text by tool; null until its tools were listed once. */
  tools: string | null
  agreed_at: string
  agreed_by: string
}

interface ClientTable {
  /** UUID v7: the order of ids is the order of making. */
  id: string
  name: string
  program: string | null
  profile: string | null
  token_digest: string | null
  token_hint: string
  connect_seed: string
  created_at: string
  changed_at: string
  rotated_at: string | null
  revoked_at: string | null
  /** JSON; null before its first request. */
  seen: string | null
}

interface RuleTable {
  /** UUID v7: the order of ids is the order of making. */
  id: string
  name: string
  /** JSON of the whole rule. */
  rule: string
}

export interface RuleRunTable {
  /** Also of its parent task. UUID v7. */
  id: string
  rule: string
  rule_name: string
  event_id: string
  event_name: string
  is_sample: number
  depth: number
  status: string
  /** JSON. */
  failure: string | null
  created_at: string
  finished_at: string | null
  /** JSON. */
  steps: string
  /** JSON. */
  event: string
}

interface ProfileTable {
  id: string
  name: string
  others: string
  /** JSON. */
  servers: string
  changed_at: string
}

interface WebhookSourceTable {
  id: string
  name: string
  /** JSON. */
  signing: string
  /** JSON: id, hint and time of each; the values lie in the vault. */
  secrets: string
  created_at: string
}

/** Bodies stand last, so that a list never reads their pages. */
export interface DeliveryTable {
  /** UUID v7: the order of ids is the order in which they came. */
  id: string
  at: string
  path: string
  /** Name of the source that signed it. */
  source: string | null
  sent_id: string | null
  sent_event: string | null
  verdict: string
  why: string | null
  event: string | null
  about: string | null
  /** When it happened, as its sender says; null where it does not. */
  occurred_at: string | null
  is_late: number
  bytes: number
  redelivery_of: string | null
  handled_at: string | null
  is_cut: number
  /** Bytes of the three that follow. */
  kept_bytes: number
  /** JSON. */
  headers: string
  body: string
  /** JSON; null where it became no event. */
  payload: string | null
}

/** What must not come again: ids and signed texts of what was taken, longer than the deliveries themselves. */
interface SeenDeliveryTable {
  source_id: string
  key: string
  at: string
}

export interface LogLineTable {
  seq: number
  at_ms: number
  server: string
  run_id: string | null
  stream: LogStream
  /** Place in `logLevels`, so that "at least" is a comparison. */
  level: number
  level_guessed: number
  text: string
}

/** One minute of one server. `first_seq` and `last_seq` turn a span of time into a range of the primary key. */
export interface LogMinuteTable {
  minute_ms: number
  server: string
  trace: number
  debug: number
  info: number
  warn: number
  error: number
  fatal: number
  first_seq: number
  last_seq: number
  last_at_ms: number
  /** Lines that came faster than they could be taken. */
  dropped: number
}
