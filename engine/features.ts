import type { ServerId, TaskId } from '../shared/ids.ts'
import type { LogLine } from '../shared/log.ts'
import type { ApprovalDesk } from './approvals/approval-desk.ts'
import type { Callbacks } from './callbacks/callbacks.ts'
import type { Connections } from './clients/connect/connections.ts'
import type { ExportConfig } from './clients/export/export-routes.ts'
import type { Imports } from './clients/imports.ts'
import type { Configuration } from './configuration.ts'
import type { CustomServers } from './custom/custom-servers.ts'
import type { Doctor } from './doctor/doctor.ts'
import type { EventBus } from './events/event-bus.ts'
import type { EventHub } from './events/event-hub.ts'
import type { QuestionTray } from './gateway/bridge/question-tray.ts'
import type { ClientBook } from './gateway/clients/client-book.ts'
import type { ContextBudget } from './gateway/clients/context-budget.ts'
import type { ServedChanges } from './gateway/clients/served-changes.ts'
import type { Gateway } from './gateway/create-gateway.ts'
import type { Host } from './host.ts'
import type { KeptResults } from './limits/kept-results.ts'
import type { LimitsBook } from './limits/limits-book.ts'
import type { LogPipeline } from './logs/log-pipeline.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { OutboundClient } from './outbound/outbound-client.ts'
import type { Rules } from './rules/rules.ts'
import type { Masker } from './secrets/masker.ts'
import type { Secrets } from './secrets/secrets.ts'
import type { Conversions } from './servers/conversions.ts'
import type { SearchPath } from './servers/search-path.ts'
import type { Supervisor } from './servers/supervisor.ts'
import type { UsageSampler } from './servers/usage-sampler.ts'
import type { SettingsBook } from './settings/settings-book.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { LogStore, Store } from './store/store.ts'
import type { TaskRequests } from './tasks/task-requests.ts'
import type { TaskRunner } from './tasks/task-runner.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** What the router's lines may call. */
export interface Features {
  readonly hub: EventHub
  /** What happened, for features that act on it. */
  readonly bus: EventBus
  readonly store: Store
  readonly logStore: LogStore
  readonly logs: LogPipeline
  readonly supervisor: Supervisor
  readonly tasks: TaskRunner
  readonly requests: TaskRequests
  readonly callbacks: Callbacks
  readonly configuration: Configuration
  readonly imports: Imports
  readonly connections: Connections
  readonly exported: ExportConfig
  readonly secrets: Secrets
  readonly signIn: SignIn
  readonly masker: Masker
  readonly usage: UsageSampler
  readonly conversions: Conversions
  readonly clients: ClientBook
  readonly budget: ContextBudget
  readonly servedChanges: ServedChanges
  readonly gateway: Gateway
  readonly tray: QuestionTray
  readonly searchPath: { get(): SearchPath; detect(): Promise<SearchPath> }
  readonly host: Host
  readonly settings: SettingsBook
  readonly limits: LimitsBook
  readonly outbound: OutboundClient
  readonly kept: KeptResults
  readonly desk: ApprovalDesk
  readonly doctor: Doctor
  readonly custom: CustomServers
  readonly webhooks: Webhooks
  readonly metrics: Metrics
  readonly rules: Rules
  /** The home cannot be written: all can be read, nothing starts and nothing is changed. */
  readonly isReadOnly: boolean
  /** A secret has a new value: the servers that run with the earlier one. */
  noteNewSecret(name: string): ServerId[]
  logsOfTask(id: TaskId): Promise<LogLine[]>
}
