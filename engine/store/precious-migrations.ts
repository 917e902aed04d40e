import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { uuidV7 } from '../../shared/ids.ts'
import { createApiTables } from './api-tables.ts'
import type { PreciousSchema } from './schema.ts'
import { firstLink, nextEntry } from './task-chain.ts'
import { createTransitions } from './transition-table.ts'

/** In the order in which they are applied. A published migration is never edited: a change is a new one. */
export const preciousMigrations: readonly Migration[] = [
  { up: createFirstTables },
  { up: createChain },
  { up: createConsents },
  { up: createClients },
  { up: createApprovals },
  { up: createWebhooks },
  { up: createMetricWindows },
  { up: createApiTables },
  { up: createRules },
  { up: createTransitions },
]

async function createFirstTables(db: Kysely<unknown>): Promise<void> {
  await createTasks(db)
  await createAgents(db)
  await createServers(db)
}

async function createConsents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('consents')
    .addColumn('server', 'text', (column) => column.primaryKey().notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('fields', 'text', (column) => column.notNull())
    .addColumn('tools', 'text')
    .addColumn('agreed_at', 'text', (column) => column.notNull())
    .addColumn('agreed_by', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
}

async function createClients(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('clients')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('program', 'text')
    .addColumn('profile', 'text')
    .addColumn('token_digest', 'text')
    .addColumn('token_hint', 'text', (column) => column.notNull())
    .addColumn('connect_seed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'text', (column) => column.notNull())
    .addColumn('rotated_at', 'text')
    .addColumn('revoked_at', 'text')
    .addColumn('seen', 'text')
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema
    .createTable('profiles')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('others', 'text', (column) => column.notNull())
    .addColumn('servers', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
}

async function createApprovals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('approval_decisions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('remember', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('decided_by', 'text', (column) => column.notNull())
    .addColumn('decided_at', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'text')
    .modifyEnd(sql`strict`)
    .execute()
}

/** Windows of charts: `at` is the second since 1970 in which one begins, `step_s` how long it is. */
async function createMetricWindows(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('metric_calls')
    .addColumn('step_s', 'integer', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('calls', 'integer', (column) => column.notNull())
    .addColumn('errors', 'integer', (column) => column.notNull())
    .addColumn('max_ms', 'real', (column) => column.notNull())
    .addColumn('latency', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('metric_calls_key', ['step_s', 'at', 'server', 'tool'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
  await db.schema
    .createTable('metric_gauges')
    .addColumn('step_s', 'integer', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('samples', 'integer', (column) => column.notNull())
    .addColumn('total', 'real', (column) => column.notNull())
    .addColumn('most', 'real', (column) => column.notNull())
    .addPrimaryKeyConstraint('metric_gauges_key', ['step_s', 'at', 'name', 'server'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
}

async function createRules(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rules')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('rule', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema
    .createTable('rule_runs')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('rule_name', 'text', (column) => column.notNull())
    .addColumn('event_id', 'text', (column) => column.notNull())
    .addColumn('event_name', 'text', (column) => column.notNull())
    .addColumn('is_sample', 'integer', (column) => column.notNull())
    .addColumn('depth', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('failure', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('finished_at', 'text')
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    // The same event runs a rule once, whatever happens in between.
    .addUniqueConstraint('rule_runs_once', ['rule', 'event_id'])
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema.createIndex('rule_runs_by_rule').on('rule_runs').columns(['rule', 'id']).execute()
  await db.schema.createIndex('rule_runs_by_status').on('rule_runs').columns(['status', 'id']).execute()
  await db.schema
    .createIndex('rule_runs_open')
    .on('rule_runs')
    .column('id')
    .where(sql.ref('finished_at'), 'is', null)
    .execute()
}

async function createTasks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('agent_tasks')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('agent_name', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text')
    .addColumn('rerun_of', 'text')
    .addColumn('run_id', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text')
    .addColumn('finished_at', 'text')
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .addColumn('duration_ms', 'real')
    .addColumn('timeout_ms', 'integer', (column) => column.notNull())
    .addColumn('sent', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('error_code', 'text')
    .addColumn('progress', 'text')
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('output', 'text')
    .addColumn('error', 'text')
    .modifyEnd(sql`strict`)
    .execute()

  const index = (name: string, columns: string[]) =>
    db.schema.createIndex(name).on('agent_tasks').columns(columns).execute()
  await index('agent_tasks_by_agent', ['agent_name', 'id'])
  await index('agent_tasks_by_agent_and_status', ['agent_name', 'status', 'id'])
  await index('agent_tasks_by_status', ['status', 'id'])
  await index('agent_tasks_by_action', ['action', 'id'])
  await index('agent_tasks_by_origin', ['origin', 'id'])
  // Covers the figures of the last 24 hours.
  await index('agent_tasks_by_creation', ['created_at', 'status', 'duration_ms'])

  await db.schema
    .createTable('task_events')
    .addColumn('task_id', 'text', (column) => column.notNull().references('agent_tasks.id').onDelete('cascade'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('offset_ms', 'real', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('task_events_key', ['task_id', 'number'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()

  await db.schema
    .createTable('task_tallies')
    .addColumn('agent_name', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('task_tallies_key', ['agent_name', 'action', 'origin', 'status'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
}

async function createAgents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('agent_conversations')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('agent_name', 'text', (column) => column.notNull())
    .addColumn('messages', 'text', (column) => column.notNull())
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()

  await db.schema
    .createTable('agent_state')
    .addColumn('agent_name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
}

async function createServers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('settings')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()

  await db.schema
    .createTable('servers')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('wished', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_call_at', 'text')
    .addColumn('last_error', 'text')
    .addColumn('cache', 'text')
    .modifyEnd(sql`strict`)
    .execute()

  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('pid', 'integer')
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('ready_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('exit_code', 'integer')
    .addColumn('signal', 'text')
    .addColumn('cause', 'text')
    .addColumn('stderr_tail', 'text')
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema.createIndex('runs_by_server').on('runs').columns(['server', 'id']).execute()
  await db.schema.createIndex('runs_open').on('runs').column('id').where(sql.ref('ended_at'), 'is', null).execute()
}

async function createChain(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('task_chain')
    .addColumn('number', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('content', 'blob', (column) => column.notNull())
    .addColumn('link', 'blob', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema
    .createTable('store_facts')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute()
  const known = db as unknown as Kysely<PreciousSchema>
  await known.insertInto('store_facts').values({ name: 'store_id', value: uuidV7() }).execute()
  await chainFinished(known)
}

/** Tasks that finished before there was a chain, in the order of their end. */
async function chainFinished(db: Kysely<PreciousSchema>): Promise<void> {
  const finished = await db
    .selectFrom('agent_tasks')
    .select('id')
    .where('status', 'not in', ['queued', 'running', 'input_required'])
    .orderBy('finished_at')
    .orderBy('id')
    .execute()
  let before = firstLink
  for (const { id } of finished) {
    const row = await db.selectFrom('agent_tasks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const entry = nextEntry(before, row)
    await db.insertInto('task_chain').values(entry).execute()
    before = entry
  }
}

async function createWebhooks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook_sources')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('signing', 'text', (column) => column.notNull())
    .addColumn('secrets', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('sent_id', 'text')
    .addColumn('sent_event', 'text')
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('why', 'text')
    .addColumn('event', 'text')
    .addColumn('about', 'text')
    .addColumn('occurred_at', 'text')
    .addColumn('is_late', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('redelivery_of', 'text')
    .addColumn('handled_at', 'text')
    .addColumn('is_cut', 'integer', (column) => column.notNull())
    .addColumn('kept_bytes', 'integer', (column) => column.notNull())
    .addColumn('headers', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('payload', 'text')
    .modifyEnd(sql`strict`)
    .execute()
  const index = (name: string, columns: string[]) =>
    db.schema.createIndex(name).on('deliveries').columns(columns).execute()
  await index('deliveries_by_source', ['source', 'id'])
  await index('deliveries_by_verdict', ['verdict', 'id'])
  await index('deliveries_by_subject', ['about', 'source', 'occurred_at'])
  // Covers what retention adds up.
  await index('deliveries_by_size', ['id', 'at', 'kept_bytes'])
  await db.schema
    .createIndex('deliveries_waiting')
    .on('deliveries')
    .column('id')
    .where(sql.ref('handled_at'), 'is', null)
    .where(sql.ref('event'), 'is not', null)
    .execute()
  await db.schema
    .createTable('seen_deliveries')
    .addColumn('source_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('seen_deliveries_key', ['source_id', 'key'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
  await db.schema.createIndex('seen_deliveries_by_time').on('seen_deliveries').column('at').execute()
}
