import SqliteDatabase from 'better-sqlite3'
import { expect, test } from 'vitest'
import { errorCode } from './error-code.ts'
import { GroupCommit } from './group-commit.ts'
import type { Sqlite } from './sqlite.ts'

function push(queue: GroupCommit, access: 'read' | 'write', run: () => unknown): Promise<unknown> {
  return new Promise((done, failed) => queue.push({ access, run: async () => run(), done, failed }))
}

function withNumbers(verbose?: (statement?: unknown) => void): Sqlite {
  const sqlite = new SqliteDatabase(':memory:', { verbose })
  sqlite.exec('create table numbers (number integer primary key, text text)')
  return sqlite
}

test('writes that wait together are one transaction, answered after its commit', async () => {
  const statements: unknown[] = []
  const sqlite = withNumbers((statement) => statements.push(statement))
  const queue = new GroupCommit(sqlite)
  const insert = (number: number) => () => sqlite.prepare('insert into numbers values (?, null)').run(number)
  let isCommitted = true
  const writes = Array.from({ length: 100 }, async (_, number) => {
    await push(queue, 'write', insert(number))
    isCommitted &&= statements.includes('commit')
  })
  await Promise.all(writes)
  expect(statements.filter((statement) => statement === 'commit')).toHaveLength(1)
  expect(isCommitted).toBe(true)
  sqlite.close()
})

test('a read sees the writes that were pushed before it', async () => {
  const sqlite = withNumbers()
  const queue = new GroupCommit(sqlite)
  const count = () => sqlite.prepare('select count(*) from numbers').pluck().get()
  const [, rows] = await Promise.all([
    push(queue, 'write', () => sqlite.exec('insert into numbers values (1, null)')),
    push(queue, 'read', count),
  ])
  expect(rows).toBe(1)
  sqlite.close()
})

test('on a full disk each write is answered once, and what was answered with success is stored', async () => {
  const sqlite = withNumbers()
  sqlite.pragma('max_page_count = 20')
  const queue = new GroupCommit(sqlite)
  const insert = sqlite.prepare('insert into numbers values (?, hex(zeroblob(4000)))')
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, number) => push(queue, 'write', () => insert.run(number))),
  )
  const isStored = new Set(sqlite.prepare('select number from numbers').pluck().all())
  for (const [number, outcome] of outcomes.entries()) {
    expect(isStored.has(number)).toBe(outcome.status === 'fulfilled')
    if (outcome.status === 'rejected') expect(errorCode(outcome.reason)).toBe('SQLITE_FULL')
  }
  expect(outcomes.at(-1)!.status).toBe('rejected')

  sqlite.pragma('max_page_count = 1000')
  await push(queue, 'write', () => insert.run(99))
  sqlite.close()
})
