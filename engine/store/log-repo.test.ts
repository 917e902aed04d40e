import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import type { LogLine } from '../../shared/log.ts'
import { openLogStore } from './open-store.ts'
import { connect } from './sqlite.ts'
import { serverId, storeWorker, temporaryHome } from './test-store.ts'

const line = (seq: number, facts: Partial<LogLine> = {}): LogLine => ({
  seq,
  at: new Date(Date.UTC(2026, 10, 22, 14, 0, seq * 20)).toISOString(),
  server: serverId(seq % 2 === 0 ? 'notes' : 'files'),
  run_id: null,
  stream: 'stderr',
  level: 'info',
  level_guessed: true,
  text: `line ${seq}`,
  ...facts,
})

test('lines come back newest first, page by page, without a gap or a repeat', async () => {
  using home = temporaryHome()
  const { store } = await openLogStore({ file: home.file('logs.db'), worker: storeWorker })
  await using _ = store
  const lines = Array.from({ length: 25 }, (_, index) => line(index + 1))
  await store.append(lines.slice(0, 10))
  await store.append(lines.slice(10))
  expect(await store.lastSeq()).toBe(25)

  const read: LogLine[] = []
  for (let before: string | undefined, more = true; more; ) {
    const page = await store.list({ limit: 10, ...(before === undefined ? {} : { before }) })
    read.push(...page.items)
    more = page.next_before !== null
    before = page.next_before ?? undefined
  }
  expect(read).toEqual(lines.toReversed())
})

test('the overview counts by server and by minute', async () => {
  using home = temporaryHome()
  const { store } = await openLogStore({ file: home.file('logs.db'), worker: storeWorker })
  await using _ = store
  await store.append([line(1, { level: 'warn' }), line(2), line(3, { level: 'fatal' })])
  await store.append([line(4, { level: 'error' })])
  expect(await store.overview({})).toEqual({
    total: 4,
    servers: [
      { server: 'files', lines: 2, dropped: 0, last_at: '2026-11-22T14:01:00.000Z' },
      { server: 'notes', lines: 2, dropped: 0, last_at: '2026-11-22T14:01:20.000Z' },
    ],
    minutes: [
      { at: '2026-11-22T14:00:00.000Z', lines: 2, warnings: 1, errors: 0 },
      { at: '2026-11-22T14:01:00.000Z', lines: 2, warnings: 0, errors: 2 },
    ],
  })
  expect((await store.overview({ since: '2026-11-22T14:01:00.000Z' })).total).toBe(2)
})

test('a `before` that no page gave is refused', async () => {
  using home = temporaryHome()
  const { store } = await openLogStore({ file: home.file('logs.db'), worker: storeWorker })
  await using _ = store
  for (const before of ['', 'x', 'LTE', '%%%']) {
    await expect(store.list({ limit: 10, before })).rejects.toMatchObject({ code: 'invalid_before', status: 400 })
  }
})

/** Enough for some blocks of each server, the last lines of each still rows. */
const many = Array.from({ length: 6_000 }, (_, index) =>
  line(index + 1, {
    text: `line ${index + 1} ${'of a longer text '.repeat(3)}`,
    level: index % 500 === 0 ? 'error' : 'info',
    stream: index % 7 === 0 ? 'mcp' : 'stderr',
  }),
)

async function filled(home: { file: (name: string) => string }) {
  const { store } = await openLogStore({ file: home.file('logs.db'), worker: storeWorker })
  for (let start = 0; start < many.length; start += 250) await store.append(many.slice(start, start + 250))
  return store
}

/** By the library of the store, which is open at the time: of two in one process each drops the other's locks. */
const blocksIn = (file: string): number => {
  const database = connect(file, { readonly: true })
  try {
    return Number(database.prepare('select count(*) from log_blocks').pluck().get())
  } finally {
    database.close()
  }
}

test('lines in blocks come back as they were, in their order, and each once', async () => {
  using home = temporaryHome()
  await using store = await filled(home)
  expect(blocksIn(home.file('logs.db'))).toBeGreaterThanOrEqual(4)
  const read: LogLine[] = []
  for (let before: string | undefined, more = true; more; ) {
    const page = await store.list({ limit: 700, ...(before === undefined ? {} : { before }) })
    read.push(...page.items)
    more = page.next_before !== null
    before = page.next_before ?? undefined
  }
  expect(read).toEqual(many.toReversed())
  expect(await store.following({ after: 900, through: 3_100, limit: 10_000 })).toEqual(many.slice(900, 3_100))

  const errors = await store.list({ limit: 100, level: 'error', server: [serverId('files')] })
  expect(errors.items.map(({ seq }) => seq)).toEqual([
    5_501, 5_001, 4_501, 4_001, 3_501, 3_001, 2_501, 2_001, 1_501, 1_001, 501, 1,
  ])
  expect((await store.list({ limit: 10, q: 'LINE 777 of' })).items.map(({ seq }) => seq)).toEqual([777])
  expect(await store.lastSeq()).toBe(6_000)
})

test('a block that is damaged is told in its place, and takes nothing else with it', async () => {
  using home = temporaryHome()
  const file = home.file('logs.db')
  await (await filled(home))[Symbol.asyncDispose]()
  let lost: { server: string; first_seq: number; last_seq: number; lines: number }
  {
    using database = new DatabaseSync(file)
    lost = database.prepare('select * from log_blocks order by last_seq limit 1').get() as typeof lost
    // One bit in the middle of the compressed text.
    const { text } = database.prepare('select text from log_bodies where block = 1').get() as { text: Uint8Array }
    text[text.length >> 1]! ^= 1
    database.prepare('update log_bodies set text = ? where block = 1').run(text)
  }
  const { store } = await openLogStore({ file, worker: storeWorker })
  await using _ = store
  const isLost = ({ server, seq }: LogLine): boolean =>
    server === lost.server && seq >= lost.first_seq && seq <= lost.last_seq
  const lines = await store.following({ after: 0, through: 6_000, limit: 10_000 })
  const notes = lines.filter(isLost)
  expect(notes.map(({ seq, server, stream, level, text }) => ({ seq, server, stream, level, text }))).toEqual([
    {
      seq: lost.last_seq,
      server: lost.server,
      stream: 'supervisor',
      level: 'warn',
      text: `${lost.lines} lines up to here cannot be read: this part of logs.db is damaged`,
    },
  ])
  expect(lines.filter((one) => !isLost(one))).toEqual(many.filter((one) => !isLost(one)))
  const { items } = await store.list({ limit: 1_000, q: 'line 5999 ' })
  expect(items.map(({ seq }) => seq)).toEqual([5_999, lost.last_seq])
})

test('rows of an earlier version are found as before, and move into blocks by themselves', async () => {
  using home = temporaryHome()
  const file = home.file('logs.db')
  await (await openLogStore({ file, worker: storeWorker })).store[Symbol.asyncDispose]()
  {
    using database = new DatabaseSync(file)
    database.exec('drop table log_blocks; drop table log_bodies; alter table log_minutes drop column dropped')
    database.exec('pragma user_version = 1')
    const insert = database.prepare('insert into log_lines values (?, ?, ?, null, ?, ?, 1, ?)')
    database.exec('begin')
    for (const { seq, at, server, stream, level, text } of many) {
      insert.run(seq, Date.parse(at), server, stream, level === 'error' ? 4 : 2, text)
    }
    database.exec('commit')
  }
  const { store } = await openLogStore({ file, worker: storeWorker })
  await using _ = store
  expect(await store.following({ after: 0, through: 6_000, limit: 10_000 })).toEqual(many)
  await vi.waitFor(() => expect(blocksIn(file)).toBeGreaterThanOrEqual(4), { timeout: 20_000 })
  expect(await store.following({ after: 0, through: 6_000, limit: 10_000 })).toEqual(many)
})
