import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** In the order in which they are applied. A published migration is never edited: a change is a new one. */
export const logMigrations: readonly Migration[] = [{ up: createFirstTables }, { up: createBlocks }]

async function createFirstTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('log_lines')
    .addColumn('seq', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'integer', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text')
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('level_guessed', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema.createIndex('log_lines_by_server').on('log_lines').columns(['server', 'seq']).execute()
  // Warnings and worse are rare and asked for often; `3` is the place of `warn` in the levels.
  await sql`create index log_lines_severe on log_lines (seq) where level >= 3`.execute(db)
  await sql`create index log_lines_severe_by_server on log_lines (server, seq) where level >= 3`.execute(db)

  await db.schema
    .createTable('log_minutes')
    .addColumn('minute_ms', 'integer', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('trace', 'integer', (column) => column.notNull())
    .addColumn('debug', 'integer', (column) => column.notNull())
    .addColumn('info', 'integer', (column) => column.notNull())
    .addColumn('warn', 'integer', (column) => column.notNull())
    .addColumn('error', 'integer', (column) => column.notNull())
    .addColumn('fatal', 'integer', (column) => column.notNull())
    .addColumn('first_seq', 'integer', (column) => column.notNull())
    .addColumn('last_seq', 'integer', (column) => column.notNull())
    .addColumn('last_at_ms', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('log_minutes_key', ['minute_ms', 'server'])
    .modifyEnd(sql`strict, without rowid`)
    .execute()
}

/** Lines that were rows before stay where they are, and move into blocks as time goes by. */
async function createBlocks(db: Kysely<unknown>): Promise<void> {
  const numbers = ['first_seq', 'last_seq', 'first_at_ms', 'last_at_ms', 'lines', 'levels', 'streams', 'text_bytes']
  let blocks = db.schema
    .createTable('log_blocks')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('server', 'text', (column) => column.notNull())
  for (const name of numbers) blocks = blocks.addColumn(name, 'integer', (column) => column.notNull())
  await blocks.modifyEnd(sql`strict`).execute()
  await db.schema.createIndex('log_blocks_newest').on('log_blocks').column('last_seq').execute()
  await db.schema.createIndex('log_blocks_oldest').on('log_blocks').column('first_seq').execute()
  await db.schema.createIndex('log_blocks_by_server').on('log_blocks').columns(['server', 'last_seq']).execute()
  await db.schema
    .createTable('log_bodies')
    .addColumn('block', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('facts', 'blob', (column) => column.notNull())
    .addColumn('text', 'blob', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute()
  await db.schema
    .alterTable('log_minutes')
    .addColumn('dropped', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
}
