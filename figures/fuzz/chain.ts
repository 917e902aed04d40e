import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ChainRepo } from '../../engine/store/chain-repo.ts'
import { verifyChain } from '../../engine/store/chain-verdict.ts'
import { migrate } from '../../engine/store/migrate.ts'
import { preciousMigrations } from '../../engine/store/precious-migrations.ts'
import { connect, kyselyOver, type Sqlite } from '../../engine/store/sqlite.ts'
import { firstLink, nextEntry, type TaskRow } from '../../engine/store/task-chain.ts'
import type { Property } from './property.ts'

const finished = 12

/** Which bit of which column of which row: in the tasks, or in the chain itself. */
const flip = fc.record({
  table: fc.constantFrom('agent_tasks', 'task_chain'),
  row: fc.nat({ max: finished - 1 }),
  column: fc.nat(),
  byte: fc.nat(),
  bit: fc.nat({ max: 7 }),
})

export const chain: Property = {
  name: 'chain: any bit of any stored row of a finished task, or of the chain, that is not what it was shows',
  share: 2,
  async run(runs, watch) {
    const sqlite = connect(':memory:')
    try {
      await migrate(sqlite, kyselyOver(sqlite), preciousMigrations)
      fill(sqlite)
      const repo = new ChainRepo(sqlite)
      assert.deepEqual(await verifyChain(repo), { checked: finished, missing: [], changed: [], broken: [] })
      await fc.assert(
        fc.asyncProperty(flip, async (given) => {
          sqlite.exec('begin')
          try {
            flipBit(sqlite, given)
            const { missing, changed, broken } = await watch.asyncInput(() => verifyChain(repo))
            assert.ok(missing.length + changed.length + broken.length > 0, 'nobody has noticed')
          } finally {
            sqlite.exec('rollback')
          }
        }),
        runs,
      )
    } finally {
      sqlite.close()
    }
  },
}

type Flip = Parameters<Parameters<typeof flip.map>[0]>[0]

function fill(sqlite: Sqlite): void {
  // What changes a disk asks no rules of the schema.
  sqlite.pragma('foreign_keys = off')
  sqlite.pragma('ignore_check_constraints = on')
  let before = firstLink
  for (let index = 0; index < finished; index++) {
    const row = rowOf(index)
    insert(sqlite, 'agent_tasks', row)
    const entry = nextEntry(before, row)
    insert(sqlite, 'task_chain', entry)
    before = entry
  }
}

/** Every column holds something, so that every one has bits to flip. */
function rowOf(index: number): TaskRow {
  const id = (part: string): string => `0193${part}00-0000-7000-8000-${String(index).padStart(12, '0')}`
  const at = (second: number): string => `2026-11-22T14:07:${String(10 + second).padStart(2, '0')}.501Z`
  return {
    id: id('aaaa'),
    agent_name: `server ${index}`,
    action: 'write_note',
    status: index % 2 === 0 ? 'completed' : 'failed',
    origin: 'page',
    parent_id: id('bbbb'),
    rerun_of: id('cccc'),
    run_id: id('dddd'),
    created_at: at(1),
    started_at: at(2),
    finished_at: at(3),
    updated_at: at(3),
    duration_ms: 12.25 + index,
    timeout_ms: 60_000,
    sent: 1,
    error_code: 'tool_error',
    progress: '{"progress":1}',
    input: `{"title":"Milk ${index}"}`,
    output: '{"content":[]}',
    error: '{"code":"tool_error"}',
  }
}

function insert(sqlite: Sqlite, table: string, row: object): void {
  const columns = Object.keys(row)
  const places = columns.map(() => '?').join(', ')
  sqlite.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`).run(...Object.values(row))
}

function flipBit(sqlite: Sqlite, { table, row, column, byte, bit }: Flip): void {
  const found = sqlite.prepare(`select * from ${table} limit 1 offset ${row}`).get() as Record<string, unknown>
  const names = Object.keys(found)
  const name = names[column % names.length]!
  const [key] = names
  const write = (expression: string, value: unknown): void => {
    try {
      sqlite.prepare(`update ${table} set ${name} = ${expression} where ${key} = ?`).run(value, found[key!])
    } catch (error) {
      // Two rows of one key: a table that says so cannot be read at all.
      fc.pre(!(error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY'))
      throw error
    }
  }
  const value = found[name]
  if (typeof value === 'string') write('cast(? as text)', flipped(Buffer.from(value), byte, bit))
  else if (Buffer.isBuffer(value)) write('?', flipped(value, byte, bit))
  else if (Number.isInteger(value) && name !== 'duration_ms')
    write('?', BigInt(Number(value)) ^ (1n << BigInt((byte * 8 + bit) % 48)))
  else write('?', flippedNumber(Number(value), byte, bit))
}

function flipped(bytes: Buffer, byte: number, bit: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[byte % changed.length]! ^= 1 << bit
  return changed
}

function flippedNumber(value: number, byte: number, bit: number): number {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return flipped(bytes, byte, bit).readDoubleBE()
}
