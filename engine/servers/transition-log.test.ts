import { expect, test } from 'vitest'
import type { RunId, ServerId } from '../../shared/ids.ts'
import type { Run } from '../../shared/server.ts'
import type { Transition } from '../../shared/transition.ts'
import { localSpec, TestSupervisor, testServer } from './test-supervisor.ts'

const id = 'echo' as ServerId
const echo = () => localSpec('echo', { args: [testServer('echo')] })

/** Oldest first. */
async function rowsOf(app: TestSupervisor, server = id): Promise<Transition[]> {
  return (await app.store.servers.transitions(server, { limit: 1000 })).items.toReversed()
}

const short = ({ start, from, to, phase, cause }: Transition) =>
  `${start} ${from} > ${to}${phase ? ` ${phase}` : ''}: ${cause}`

test('stores each transition with its cause, a start number for each start, without a gap', async () => {
  await using app = await TestSupervisor.open([echo()])
  const { pid, run_id } = await app.start('echo')
  await app.stop('echo')
  const rows = await rowsOf(app)
  expect(rows.map(short)).toEqual([
    '1 stopped > starting resolve: asked',
    '1 starting > starting spawn: progress',
    '1 starting > starting first_byte: progress',
    '1 starting > starting handshake: progress',
    '1 starting > starting list: progress',
    '1 starting > ready: progress',
    '1 ready > stopping drain: asked',
    '1 stopping > stopping stdin: progress',
    '1 stopping > stopped: asked',
  ])
  expect(rows.at(-1)).toMatchObject({ pid, run_id, exit_code: 0, signal: null })
  expect(rows.every(({ monotonic_ms }, index) => index === 0 || monotonic_ms >= rows[index - 1]!.monotonic_ms)).toBe(
    true,
  )
  await app.start('echo')
  expect((await rowsOf(app)).at(-1)).toMatchObject({ start: 2, to: 'ready' })
})

test('tells of a crash with its exit, its signal and its last lines, and of the start that follows', async () => {
  const dies = `setTimeout(() => { console.error('no more memory'); process.kill(process.pid, 'SIGKILL') }, 50)`
  await using app = await TestSupervisor.open([localSpec('echo', { args: ['-e', dies], settings: { era: 'legacy' } })])
  const { state } = await app.start('echo')
  expect(state).toBe('crash_looping')
  const rows = (await rowsOf(app)).filter(({ from, to }) => from !== to)
  expect(rows.map(short)).toEqual([
    '1 stopped > starting resolve: asked',
    '1 starting > backing_off: server_crashed',
    '2 backing_off > starting resolve: retry',
    '2 starting > backing_off: server_crashed',
    '3 backing_off > starting resolve: retry',
    '3 starting > crash_looping: server_crashed',
  ])
  expect(rows[1]).toMatchObject({
    message: expect.stringContaining('no more memory'),
    exit_code: null,
    signal: 'SIGKILL',
    stderr_tail: 'no more memory',
    pid: expect.any(Number),
  })
})

test('goes on from what the life of the program before left, and says that it died', async () => {
  await using app = await TestSupervisor.open([echo()])
  const whole = { at: new Date().toISOString(), monotonic_ms: 1, cause: 'progress', phase: null, message: null }
  const ended = { exit_code: null, signal: null, stderr_tail: null }
  await app.store.servers.insertTransition({
    ...whole,
    ...ended,
    id: '01900000-0000-7000-8000-000000000000',
    server: id,
    start: 41,
    from: 'starting',
    to: 'ready',
    run_id: null,
    pid: 4711,
  })
  await app.reopen([echo()])
  await app.start('echo')
  const [, found, begun] = await rowsOf(app)
  expect(found).toMatchObject({ start: 41, from: 'ready', to: 'stopped', cause: 'app_died', pid: 4711 })
  expect(begun).toMatchObject({ start: 42, from: 'stopped', to: 'starting', cause: 'asked' })
})

test('keeps the newest thousand runs of a server too', async () => {
  await using app = await TestSupervisor.open([])
  const { servers } = app.store
  const at = new Date().toISOString()
  const run = (server: string, number: number): Run => ({
    id: `01900000-0000-7000-8000-${String(number).padStart(12, '0')}` as RunId,
    server: server as ServerId,
    pid: number,
    started_at: at,
    ready_at: null,
    ended_at: at,
    exit_code: 1,
    signal: null,
    cause: 'exited',
    stderr_tail: null,
  })
  await servers.insertRun(run('quiet', 0))
  await Promise.all(Array.from({ length: 1010 }, (_, index) => servers.insertRun(run('echo', index + 1))))
  const first = await servers.runs(id, { limit: 600 })
  const rest = await servers.runs(id, { limit: 600, before: first.next_before! })
  const pids = [...first.items, ...rest.items].map(({ pid }) => pid)
  expect([pids.length, pids[0], pids.at(-1)]).toEqual([1000, 1010, 11])
  expect((await servers.runs('quiet' as ServerId, { limit: 10 })).items).toHaveLength(1)
})

test('keeps the newest thousand of a server, and all of the others', async () => {
  await using app = await TestSupervisor.open([])
  const { servers } = app.store
  const row = (server: string, number: number): Transition => ({
    id: `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    server: server as ServerId,
    at: new Date().toISOString(),
    monotonic_ms: number,
    start: number,
    from: 'stopped',
    to: 'starting',
    phase: null,
    cause: 'asked',
    message: null,
    run_id: null,
    pid: null,
    exit_code: null,
    signal: null,
    stderr_tail: null,
  })
  await servers.insertTransition(row('quiet', 0))
  await Promise.all(Array.from({ length: 1010 }, (_, index) => servers.insertTransition(row('echo', index + 1))))
  const first = await servers.transitions(id, { limit: 600 })
  const rest = await servers.transitions(id, { limit: 600, before: first.next_before! })
  const starts = [...first.items, ...rest.items].map(({ start }) => start)
  expect([starts.length, starts[0], starts.at(-1), rest.next_before]).toEqual([1000, 1010, 11, null])
  expect((await servers.transitions('quiet' as ServerId, { limit: 10 })).items).toHaveLength(1)
})
