import { type Kysely, sql } from 'kysely'

/** What servers went through, state by state. */
export async function createTransitions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('server_transitions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('monotonic_ms', 'real', (column) => column.notNull())
    .addColumn('start', 'integer', (column) => column.notNull())
    .addColumn('from', 'text', (column) => column.notNull())
    .addColumn('to', 'text', (column) => column.notNull())
    .addColumn('phase', 'text')
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('message', 'text')
    .addColumn('run_id', 'text')
    .addColumn('pid', 'integer')
    .addColumn('exit_code', 'integer')
    .addColumn('signal', 'text')
    .addColumn('stderr_tail', 'text')
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema.createIndex('transitions_by_server').on('server_transitions').columns(['server', 'id']).execute()
}
