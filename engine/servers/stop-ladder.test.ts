import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { uuidV7 } from '../../shared/ids.ts'
import { signalAll } from './end-processes.ts'
import { baseEnvironment } from './environment.ts'
import { type ProcessRow, processTable } from './process-table.ts'
import { type ServerProcess, spawnServer } from './server-process.ts'
import { stopProcess } from './stop-ladder.ts'

const { platform } = process
const started: ProcessRow[] = []

// By the system itself: what is tested here may not be what clears up behind the tests.
afterEach(async () => {
  const table = await processTable(platform)
  const isLeft = ({ pid, startedAt }: ProcessRow): boolean =>
    table.some((row) => row.pid === pid && row.startedAt === startedAt)
  signalAll(started.splice(0).filter(isLeft), 'SIGKILL')
})

/** Runs a program text and resolves with the lines that it prints first: its own pid, then those of its children. */
async function run(program: string): Promise<{ server: ServerProcess; pids: number[] }> {
  const marker = uuidV7()
  const env = baseEnvironment(process.env, platform)
  const launch = { command: process.execPath, args: ['-e', program], cwd: tmpdir(), env, path: [] }
  const server = await spawnServer(launch, { marker, platform, onStderr() {} })
  const [chunk] = await once(server.stdout, 'data')
  const pids: number[] = JSON.parse(String(chunk))
  started.push(...(await processTable(platform)).filter(({ pid }) => pids.includes(pid)))
  return { server, pids }
}

async function stop(server: ServerProcess, options: { graceMs: number; force?: AbortSignal }) {
  const rungs: string[] = []
  const force = options.force ?? new AbortController().signal
  const onRung = (rung: string): void => void rungs.push(rung)
  const result = await stopProcess(server, { platform, graceMs: options.graceMs, force, onRung })
  return { ...result, rungs, exit: server.exit && { code: server.exit.code, signal: server.exit.signal } }
}

/** Not by signal 0: a zombie takes it until somebody reaps it, which is the business of the system's first process. */
async function living(pids: number[]): Promise<number[]> {
  const table = await processTable(platform)
  return pids.filter((pid) => table.some((row) => row.pid === pid))
}

const longMs = 20_000
const shortMs = 50
const stayAlive = 'setInterval(() => {}, 1000);'
const deaf = `for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => {});`
const say = 'console.log(JSON.stringify([process.pid]));'
const withChild = (child: string, options: string) => `
  const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], ${options});
  child.stdout.once('data', () => console.log(JSON.stringify([process.pid, child.pid])));`

describe.skipIf(platform === 'win32')('stopProcess', () => {
  test('needs only the end of stdin for a server that listens', async () => {
    const { server } = await run(`process.stdin.resume(); ${say}`)
    expect(await stop(server, { graceMs: longMs })).toEqual({
      rung: 'stdin',
      rungs: ['stdin'],
      survivors: [],
      exit: { code: 0, signal: null },
    })
  })

  test('sends SIGTERM to a server that ignores the end of stdin', async () => {
    const { server } = await run(stayAlive + say)
    expect(await stop(server, { graceMs: shortMs })).toMatchObject({
      rungs: ['stdin', 'sigterm'],
      survivors: [],
      exit: { code: null, signal: 'SIGTERM' },
    })
  })

  test('kills a server that ignores SIGTERM as well', async () => {
    const { server } = await run(deaf + stayAlive + say)
    expect(await stop(server, { graceMs: shortMs })).toMatchObject({
      rungs: ['stdin', 'sigterm', 'sigkill'],
      survivors: [],
      exit: { code: null, signal: 'SIGKILL' },
    })
  })

  test('ends a suspended server', async () => {
    const { server } = await run(stayAlive + say)
    process.kill(server.pid, 'SIGSTOP')
    expect(await stop(server, { graceMs: 1000 })).toMatchObject({ rungs: ['stdin', 'sigterm'], survivors: [] })
  })

  test('jumps to SIGKILL when it is forced in the middle', async () => {
    const { server } = await run(deaf + stayAlive + say)
    const force = new AbortController()
    const stopping = stopProcess(server, {
      platform,
      graceMs: longMs,
      force: force.signal,
      onRung: (rung) => rung === 'stdin' && force.abort(),
    })
    expect(await stopping).toEqual({ rung: 'sigkill', survivors: [] })
  })

  test.each([
    ['in the group', `{ stdio: ['inherit', 'pipe', 'inherit'] }`],
    ['in a session of its own', `{ stdio: ['inherit', 'pipe', 'inherit'], detached: true }`],
    ['in a session of its own without our marker', `{ stdio: ['ignore', 'pipe', 'ignore'], detached: true, env: {} }`],
  ])('takes a deaf grandchild %s with it', async (_, options) => {
    const { server, pids } = await run(withChild(deaf + stayAlive + say, options) + stayAlive)
    expect(await stop(server, { graceMs: shortMs })).toMatchObject({
      rungs: ['stdin', 'sigterm', 'sigkill'],
      survivors: [],
    })
    expect(await living(pids)).toEqual([])
  })

  test('clears up behind a server that went away and left a grandchild with the pipes', async () => {
    const leaves = withChild(deaf + stayAlive + say, `{ stdio: ['inherit', 'pipe', 'inherit'], detached: true }`)
    const { server, pids } = await run(
      `${leaves} child.stdout.once('data', () => setImmediate(() => process.exit(3)));`,
    )
    await server.exited
    expect(await stop(server, { graceMs: shortMs })).toMatchObject({
      rungs: ['sigterm', 'sigkill'],
      survivors: [],
      exit: { code: 3, signal: null },
    })
    expect(await living(pids)).toEqual([])
  })

  test('takes a grandchild that left the session before its parent followed the end of stdin', async () => {
    const left = `{ stdio: ['ignore', 'pipe', 'ignore'], detached: true, env: {} }`
    const { server, pids } = await run(
      `${withChild(deaf + stayAlive + say, left)} process.stdin.resume().on('end', () => process.exit());`,
    )
    expect(await stop(server, { graceMs: longMs })).toMatchObject({ rung: 'sigkill', survivors: [] })
    expect(await living(pids)).toEqual([])
  })

  test('ends what is started anew while it ends the rest, and tells of it', async () => {
    const another = JSON.stringify(deaf + stayAlive)
    const reborn = `process.on('SIGTERM', () => {
      require('node:child_process').spawn(process.execPath, ['-e', ${another}], { stdio: 'ignore' });
      process.exit();
    });`
    const { server, pids } = await run(reborn + stayAlive + say)
    const revived: number[] = []
    const result = await stopProcess(server, {
      platform,
      graceMs: 1000,
      force: new AbortController().signal,
      onRung() {},
      onRevived: (fresh) => revived.push(...fresh),
    })
    expect(result).toEqual({ rung: 'sigkill', survivors: [] })
    expect([revived.length, revived.includes(pids[0]!), await living(revived)]).toEqual([1, false, []])
  })

  test('has nothing to do for a server that left nothing behind', async () => {
    const { server } = await run(say)
    await server.exited
    expect(await stop(server, { graceMs: shortMs })).toMatchObject({ rung: null, rungs: [], survivors: [] })
  })

  test('waits for calls in flight, then closes stdin', async () => {
    const { server } = await run(`process.stdin.resume(); ${say}`)
    const order: string[] = []
    await stopProcess(server, {
      platform,
      graceMs: longMs,
      force: new AbortController().signal,
      drain: async () => void order.push('drained'),
      onRung: (rung) => order.push(rung),
    })
    expect(order).toEqual(['drain', 'drained', 'stdin'])
  })
})
