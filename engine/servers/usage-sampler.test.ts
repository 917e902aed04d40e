import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import type { OverLimit } from './over-limit.ts'
import { clockMs } from './process-usage.ts'
import { localSpec, TestSupervisor, testServer } from './test-supervisor.ts'
import { UsageSampler } from './usage-sampler.ts'

const { platform } = process

test('reads the clocks of ps', () => {
  expect(['0:01.50', '12:34.00', '01:00:02', '2-03:00:00'].map(clockMs)).toEqual([
    1500, 754_000, 3_602_000, 183_600_000,
  ])
})

test('samples a tree while somebody looks, and tells its processor time from the second look on', async () => {
  const program = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'const kept = Buffer.alloc(64 * 2 ** 20, 1); console.log("up"); for (;;) kept[0]++'])
    child.stdout.pipe(process.stdout)`
  const root = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void process.kill(platform === 'win32' ? root.pid! : -root.pid!, 'SIGKILL'))
  await once(root.stdout, 'data')
  const servers = () => [{ id: 'busy' as ServerId, pid: root.pid!, limitMb: null, limitPercent: null }]
  using sampler = new UsageSampler({ platform, servers, onOverLimit() {}, everyMs: 200 })
  const stop = new AbortController()
  const seen: (number | null)[] = []
  for await (const { samples } of sampler.follow(stop.signal)) {
    for (const sample of samples) {
      const [usage] = sample.servers
      expect(usage).toMatchObject({ id: 'busy', processes: 2 })
      expect(usage!.memory_mb).toBeGreaterThan(64)
      seen.push(usage!.cpu_percent)
    }
    if (seen.length >= 3) stop.abort()
  }
  expect(seen[0]).toBeNull()
  expect(seen[1]).toBeGreaterThan(0)
  expect(sampler.samples.length).toBeGreaterThanOrEqual(3)
})

test('tells of a server over its limit though nobody looks', async () => {
  const over = Promise.withResolvers<[ServerId, OverLimit]>()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  using _ = new UsageSampler({
    platform,
    servers: () => [{ id: 'fat' as ServerId, pid: child.pid!, limitMb: 1, limitPercent: null }],
    onOverLimit: (id, told) => over.resolve([id, told]),
    everyMs: 50,
  })
  expect(await over.promise).toMatchObject(['fat', { kind: 'memory', limitMb: 1 }])
})

test('a server that is ended for its memory says so, on record too, and starts again', async () => {
  await using app = await TestSupervisor.open([localSpec('fat', { args: [testServer('echo')] })])
  const { pid } = await app.start('fat')
  app.supervisor.endOverLimit('fat' as ServerId, { kind: 'memory', usedMb: 512.3, limitMb: 300 })
  await app.until(() => app.server('fat').state === 'ready' && app.server('fat').pid !== pid)
  expect(app.server('fat').last_error).toMatchObject({
    code: 'memory_limit',
    message: 'Used 512 MB, its limit is 300 MB',
  })
  const { items } = await app.store.servers.runs('fat' as ServerId, { limit: 5 })
  expect(items.map((run) => run.cause)).toEqual([null, 'memory'])
})

test('tells of a server that uses more of a core than it may for long, and not of one that did for a moment', async () => {
  const over = Promise.withResolvers<OverLimit>()
  const told: string[] = []
  const spin = (ms: number) => `const end = Date.now() + ${ms}; while (Date.now() < end); setInterval(() => {}, 1000)`
  const [busy, brief] = [spin(60_000), spin(150)].map((program) =>
    spawn(process.execPath, ['-e', program], { stdio: 'ignore' }),
  )
  onTestFinished(() => void [busy, brief].map((child) => child!.kill('SIGKILL')))
  using _ = new UsageSampler({
    platform,
    servers: () => [
      { id: 'busy' as ServerId, pid: busy!.pid!, limitMb: null, limitPercent: 5 },
      { id: 'brief' as ServerId, pid: brief!.pid!, limitMb: null, limitPercent: 5 },
      { id: 'free' as ServerId, pid: busy!.pid!, limitMb: null, limitPercent: null },
    ],
    onOverLimit: (id, one) => {
      told.push(id)
      over.resolve(one)
    },
    everyMs: 100,
    cpuMercyMs: 1500,
  })
  const { kind, ...seen } = await over.promise
  expect([kind, told]).toEqual(['cpu', ['busy']])
  expect(seen).toMatchObject({ limitPercent: 5, usedPercent: expect.any(Number) })
})

test('a server that is ended for its processor time says so, on record too', async () => {
  await using app = await TestSupervisor.open([
    localSpec('hot', { args: [testServer('echo')], settings: { restart: false } }),
  ])
  await app.start('hot')
  const over = { kind: 'cpu', usedPercent: 99.6, limitPercent: 50, forMs: 30_100 } as const
  app.supervisor.endOverLimit('hot' as ServerId, over)
  await app.until(() => app.server('hot').state === 'failed')
  expect(app.server('hot').last_error).toMatchObject({
    code: 'cpu_limit',
    message: 'Used 100 % of a core for 30 s, its limit is 50 %',
  })
  const { items } = await app.store.servers.runs('hot' as ServerId, { limit: 5 })
  expect(items.map((run) => run.cause)).toEqual(['cpu'])
})
