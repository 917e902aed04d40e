import { expect, test } from 'vitest'
import type { LogLine } from '../../shared/log.ts'
import { openLogStore } from './open-store.ts'
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
