import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { LogBatch, LogLine } from '../../shared/log.ts'
import { openLogStore } from '../store/open-store.ts'
import type { LogStore } from '../store/store.ts'
import { serverId, storeWorker, temporaryHome } from '../store/test-store.ts'
import type { NewLogLine } from './log-pipeline.ts'
import { createLogPipeline } from './pipeline.ts'

const notes = serverId('notes')
const files = serverId('files')
const notesStderr = { server: notes, run_id: null, stream: 'stderr' } as const
const line = (text: string, facts: Partial<NewLogLine> = {}): NewLogLine => ({
  server: notes,
  run_id: null,
  stream: 'stderr',
  text,
  ...facts,
})
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)

async function openStoreIn(home: { file: (name: string) => string }): Promise<LogStore> {
  return (await openLogStore({ file: home.file('logs.db'), worker: storeWorker })).store
}

/** Batches until so many lines came; then the tail is left. */
async function read(
  tail: AsyncIterable<LogBatch>,
  count: number,
): Promise<{ lines: LogLine[]; dropped: number; lost: number }> {
  const lines: LogLine[] = []
  let dropped = 0
  let lost = 0
  for await (const batch of tail) {
    expect(batch.lines.length).toBeLessThanOrEqual(200)
    lines.push(...batch.lines)
    dropped += batch.dropped
    lost += batch.lost
    if (lines.length >= count) break
  }
  return { lines, dropped, lost }
}

const texts = (lines: LogLine[]): string[] => lines.map(({ text }) => text)

test('lines are numbered on from those in the store, timed, and given a level', async () => {
  using home = temporaryHome()
  await using store = await openStoreIn(home)
  const now = () => Date.UTC(2026, 10, 22, 14)
  {
    await using pipeline = createLogPipeline({ intake: store.intake, now })
    pipeline.write(line('WARN: slow'))
  }
  await using pipeline = createLogPipeline({ intake: store.intake, now })
  pipeline.write(line('ERROR looks bad', { level: 'debug', stream: 'mcp' }))
  await pipeline.flush()
  const at = '2026-11-22T14:00:00.000Z'
  const common = { at, server: 'notes', run_id: null }
  expect((await store.list({ limit: 10 })).items).toEqual([
    { ...common, seq: 2, stream: 'mcp', level: 'debug', level_guessed: false, text: 'ERROR looks bad' },
    { ...common, seq: 1, stream: 'stderr', level: 'warn', level_guessed: true, text: 'WARN: slow' },
  ])
})

test('a message of several lines becomes as many lines of its level', async () => {
  using home = temporaryHome()
  await using store = await openStoreIn(home)
  await using pipeline = createLogPipeline({ intake: store.intake })
  const tail = pipeline.tail({}, AbortSignal.timeout(20_000))
  pipeline.write(line('[error] first\r\nsecond\nthird', { stream: 'mcp' }))
  const { lines } = await read(tail, 3)
  expect(lines.map(({ text, level }) => [text, level])).toEqual([
    ['[error] first', 'error'],
    ['second', 'error'],
    ['third', 'error'],
  ])
})

test('a tail gets what comes, as its filter says, and ends with its signal', async () => {
  using home = temporaryHome()
  await using store = await openStoreIn(home)
  await using pipeline = createLogPipeline({ intake: store.intake })
  const controller = new AbortController()
  const tail = pipeline.tail({ server: [notes], level: 'warn' }, controller.signal)
  pipeline.write(line('WARN: one'))
  pipeline.write(line('plain'))
  pipeline.write(line('WARN: of another', { server: files }))
  pipeline.write(line('ERROR: two'))
  const { lines } = await read(tail, 2)
  expect(texts(lines)).toEqual(['WARN: one', 'ERROR: two'])

  const endless = pipeline.tail({}, controller.signal)
  controller.abort()
  expect(await read(endless, 1)).toEqual({ lines: [], dropped: 0, lost: 0 })
})

for (const behind of [100, 6_000]) {
  test(`a reader that comes back ${behind} lines later misses none and gets none twice`, async () => {
    using home = temporaryHome()
    await using store = await openStoreIn(home)
    await using pipeline = createLogPipeline({ intake: store.intake })
    for (const text of numbered(1, 10)) pipeline.write(line(text))
    for (const text of numbered(11, 10 + behind)) pipeline.write(line(text))
    const tail = pipeline.tail({ after: 10 }, AbortSignal.timeout(20_000))
    // Written while the earlier ones are still being read from the store.
    for (const text of numbered(11 + behind, 60 + behind)) pipeline.write(line(text))
    const { lines, dropped } = await read(tail, behind + 50)
    expect(texts(lines)).toEqual(numbered(11, 60 + behind))
    expect(dropped).toBe(0)
  })
}

test('a reader comes back to a program that was started again', async () => {
  using home = temporaryHome()
  await using store = await openStoreIn(home)
  {
    await using pipeline = createLogPipeline({ intake: store.intake })
    for (const text of numbered(1, 300)) pipeline.write(line(text))
  }
  await using pipeline = createLogPipeline({ intake: store.intake })
  const tail = pipeline.tail({ after: 50 }, AbortSignal.timeout(20_000))
  pipeline.write(line('line 301'))
  expect(texts((await read(tail, 251)).lines)).toEqual(numbered(51, 301))
})

test('a reader that does not read keeps the last 10,000 lines and is told what it lost', async () => {
  using home = temporaryHome()
  await using store = await openStoreIn(home)
  await using pipeline = createLogPipeline({ intake: store.intake })
  const tail = pipeline.tail({}, AbortSignal.timeout(20_000))
  for (const text of numbered(1, 25_000)) pipeline.write(line(text))
  const { lines, dropped } = await read(tail, 10_000)
  expect(texts(lines)).toEqual(numbered(15_001, 25_000))
  expect(dropped).toBe(15_000)
})

test('what comes while the store may not be written is shown, counted, and told in the log afterwards', async () => {
  using home = temporaryHome()
  await using store = await openStoreIn(home)
  await using pipeline = createLogPipeline({ intake: store.intake })
  const tail = pipeline.tail({}, AbortSignal.timeout(20_000))
  pipeline.hold(true)
  for (const text of numbered(1, 500)) pipeline.write(line(text))
  for (const text of numbered(1, 7)) pipeline.write(line(text, { server: files }))
  await pipeline.flush()
  expect((await store.overview({})).total).toBe(0)
  pipeline.hold(false)
  pipeline.write(line('again'))
  await pipeline.flush()
  const { items } = await store.list({ limit: 1_000 })
  expect(items.map(({ server, level, text }) => [server, level, text]).toSorted()).toEqual([
    ['files', 'warn', 'dropped 7 lines: the log could not be written'],
    ['notes', 'info', 'again'],
    ['notes', 'warn', 'dropped 500 lines: the log could not be written'],
  ])
  const { servers } = await store.overview({})
  expect(servers.map(({ server, lines, dropped }) => [server, lines, dropped])).toEqual([
    ['files', 1, 7],
    ['notes', 2, 500],
  ])
  const seen = await read(tail, 510)
  expect(texts(seen.lines).slice(0, 500)).toEqual(numbered(1, 500))
  expect(seen.lost).toBe(507)
})

test('a store that is gone costs lines and never a caller', async () => {
  using home = temporaryHome()
  const store = await openStoreIn(home)
  const failures: unknown[] = []
  await using pipeline = createLogPipeline({
    intake: store.intake,
    onStoreFailure: (error) => failures.push(error),
  })
  await store[Symbol.asyncDispose]()
  pipeline.write(line('lost'))
  await pipeline.flush()
  pipeline.read(notesStderr, Readable.from([Buffer.from('lost too\n')]))
  await pipeline.flush()
  const tail = pipeline.tail({}, AbortSignal.abort())
  expect(await read(tail, 1)).toEqual({ lines: [], dropped: 0, lost: 0 })
  expect(failures).toEqual([])
})
