import { SqlAgentRepo } from './agent-repo.ts'
import { SqlApprovalRepo } from './approval-repo.ts'
import { SqlCallbackRepo } from './callback-repo.ts'
import { ChainRepo } from './chain-repo.ts'
import { SqlClientRepo } from './client-repo.ts'
import { SqlConsentRepo } from './consent-repo.ts'
import { DurabilityRepo } from './durability-repo.ts'
import type { Access } from './group-commit.ts'
import { SqlIdempotencyRepo } from './idempotency-repo.ts'
import { SqlJournalRepo } from './journal-repo.ts'
import { SqlMetricsRepo } from './metrics-repo.ts'
import type { OpenedDatabase } from './open-database.ts'
import { PruneRepo } from './prune-repo.ts'
import { SqlRuleRepo } from './rule-repo.ts'
import type { PreciousSchema } from './schema.ts'
import { SqlServerRepo } from './server-repo.ts'
import { SqlSettingsRepo } from './settings-repo.ts'
import { kyselyOver } from './sqlite.ts'
import {
  agentAccess,
  approvalAccess,
  callbackAccess,
  chainAccess,
  clientAccess,
  consentAccess,
  durabilityAccess,
  idempotencyAccess,
  journalAccess,
  metricsAccess,
  pruneAccess,
  ruleAccess,
  serverAccess,
  settingsAccess,
  taskAccess,
  webhookAccess,
} from './store-protocol.ts'
import { SqlTaskRepo } from './task-repo.ts'
import { addTextSearch } from './text-search.ts'
import { SqlWebhookRepo } from './webhook-repo.ts'

interface Operation {
  access: Access
  run: (args: unknown[]) => Promise<unknown>
}

interface Exposed {
  target: object
  /** Takes the durable writes; the same as `target` where there are none. */
  durable?: object
  access: Readonly<Record<string, Access>>
}

export type Repos = Readonly<Record<string, Exposed>>

/** Found by the names that a message carries. */
export function findOperation(repos: Repos, repo: string, method: string): Operation {
  const exposed = repos[repo]
  const access = exposed?.access[method]
  const target = access === 'durable' ? exposed?.durable : exposed?.target
  const run: unknown = target && Reflect.get(target, method)
  if (!access || typeof run !== 'function') throw new Error(`The store has no ${repo}.${method}`)
  return { access, run: async (args) => Reflect.apply(run, target, args) }
}

export function preciousRepos({ sqlite, durable }: Pick<OpenedDatabase, 'sqlite' | 'durable'>): {
  repos: Repos
  journal: SqlJournalRepo
} {
  addTextSearch(sqlite)
  const db = kyselyOver<PreciousSchema>(sqlite)
  const durableDb = kyselyOver<PreciousSchema>(durable)
  const tasks = new SqlTaskRepo(sqlite, db)
  const journal = new SqlJournalRepo(sqlite, tasks.writer)
  const repos: Repos = {
    tasks: { target: tasks, access: taskAccess },
    servers: { target: new SqlServerRepo(db), durable: new SqlServerRepo(durableDb), access: serverAccess },
    settings: { target: new SqlSettingsRepo(db), durable: new SqlSettingsRepo(durableDb), access: settingsAccess },
    consents: { target: new SqlConsentRepo(db), durable: new SqlConsentRepo(durableDb), access: consentAccess },
    clients: { target: new SqlClientRepo(db), durable: new SqlClientRepo(durableDb), access: clientAccess },
    approvals: { target: new SqlApprovalRepo(db), durable: new SqlApprovalRepo(durableDb), access: approvalAccess },
    webhooks: { target: new SqlWebhookRepo(db), durable: new SqlWebhookRepo(durableDb), access: webhookAccess },
    callbacks: { target: new SqlCallbackRepo(db), durable: new SqlCallbackRepo(durableDb), access: callbackAccess },
    idempotency: {
      target: new SqlIdempotencyRepo(db),
      durable: new SqlIdempotencyRepo(durableDb),
      access: idempotencyAccess,
    },
    agents: { target: new SqlAgentRepo(db), durable: new SqlAgentRepo(durableDb), access: agentAccess },
    rules: { target: new SqlRuleRepo(db), durable: new SqlRuleRepo(durableDb), access: ruleAccess },
    journal: { target: journal, access: journalAccess },
    prune: { target: new PruneRepo(sqlite), access: pruneAccess },
    metrics: { target: new SqlMetricsRepo(sqlite), access: metricsAccess },
    chain: { target: new ChainRepo(sqlite), access: chainAccess },
    durability: { target: new DurabilityRepo(sqlite, durable), access: durabilityAccess },
  }
  return { repos, journal }
}
