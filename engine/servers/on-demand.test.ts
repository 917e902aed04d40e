import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { SleepWatch } from './sleep-watch.ts'
import { localSpec, TestSupervisor, testServer } from './test-supervisor.ts'

const echo = 'echo' as ServerId
const callEcho = { name: 'echo', arguments: { text: 'awake' } }
const limits = { timeoutMs: 5000, maxTotalMs: 5000, signal: new AbortController().signal }

function echoSpec(settings: { onDemand?: boolean; idleStopMs?: number }) {
  return localSpec('echo', { args: [testServer('echo')], settings })
}

/** Calls as the task runner does: a bounded wait, then the link. */
async function call(app: TestSupervisor): Promise<string> {
  if (app.supervisor.admit(echo).kind === 'wait') await app.settled('echo')
  const admission = app.supervisor.admit(echo)
  if (admission.kind !== 'open') return admission.kind
  return (await admission.link.request('tools/call', callEcho, limits)).kind
}

test('goes to sleep without calls, keeps its lists, and wakes for the first call', async () => {
  await using app = await TestSupervisor.open([echoSpec({ idleStopMs: 100 })])
  await app.start('echo')
  await app.until(() => app.server('echo').state === 'asleep')
  expect(app.server('echo')).toMatchObject({ wished: true, pid: null, tools: 5, last_error: null })
  expect(app.supervisor.listing(echo)?.tools).toHaveLength(5)
  expect(await app.leftovers()).toEqual([])
  expect(await call(app)).toBe('result')
  expect((await app.store.servers.runs(echo, { limit: 5 })).items.map((run) => run.cause)).toEqual([null, 'stopped'])
})

test('a call that comes while it goes to sleep waits and is answered', async () => {
  await using app = await TestSupervisor.open([echoSpec({ idleStopMs: 1 })])
  app.supervisor.start(echo)
  await app.until(() => app.server('echo').state === 'stopping')
  expect(app.supervisor.admit(echo)).toEqual({ kind: 'wait' })
  await app.until(() => app.server('echo').state === 'ready')
  expect(app.states('echo').filter((state) => state === 'asleep')).toEqual([])
})

test('starts on demand only once its lists are known', async () => {
  const spec = echoSpec({ onDemand: true })
  await using app = await TestSupervisor.open([spec])
  expect((await app.start('echo')).state).toBe('ready')
  await app.reopen([spec])
  app.supervisor.restore()
  expect(app.server('echo')).toMatchObject({ state: 'asleep', tools: 5, wished: true })
  expect(await call(app)).toBe('result')
  expect(app.server('echo').state).toBe('ready')
  app.supervisor.stop(echo)
  expect((await app.settled('echo')).state).toBe('stopped')
})

test('sleeping is no reason to run when it is switched off', async () => {
  await using app = await TestSupervisor.open([echoSpec({ idleStopMs: 50 })])
  await app.start('echo')
  await app.until(() => app.server('echo').state === 'asleep')
  expect((await app.stop('echo')).state).toBe('stopped')
  expect(app.supervisor.admit(echo).kind).toBe('closed')
})

test('one that kept stopping is tried once for a call, and not again at once', async () => {
  const spec = localSpec('echo', { args: [testServer('exits-at-once')] })
  await using app = await TestSupervisor.open([spec], { singleTryMs: 60_000 })
  expect((await app.start('echo')).state).toBe('crash_looping')
  const runs = async () => (await app.store.servers.runs(echo, { limit: 20 })).items.length
  const before = await runs()
  expect(app.supervisor.admit(echo)).toEqual({ kind: 'wait' })
  expect((await app.settled('echo')).state).toBe('crash_looping')
  expect(await runs()).toBe(before + 1)
  expect(app.supervisor.admit(echo).kind).toBe('closed')
  expect(await runs()).toBe(before + 1)
})

test('after a sleep of the machine a server that does not answer is started anew, without blame', async () => {
  const args = [testServer('echo')]
  await using app = await TestSupervisor.open([localSpec('echo', { args })], { wakeProbeMs: 200 })
  const { pid } = await app.start('echo')
  app.supervisor.afterSleep()
  expect(app.server('echo')).toMatchObject({ state: 'ready', pid })
  // Stopped, it cannot answer, as one whose connections did not survive the sleep.
  process.kill(pid!, 'SIGSTOP')
  app.supervisor.afterSleep()
  await app.until(() => app.server('echo').state === 'ready' && app.server('echo').pid !== pid)
  expect(app.server('echo').last_error?.code).toBe('lost_in_sleep')
  for (let death = 1; death <= 6; death++) {
    const alive = app.server('echo').pid
    process.kill(alive!, 'SIGKILL')
    await app.until(() => app.server('echo').state === 'ready' && app.server('echo').pid !== alive)
  }
  expect(app.states('echo')).not.toContain('crash_looping')
})

test('tells a sleep by a clock that ran on while timers stood still', async () => {
  let clock = 0
  const slept = Promise.withResolvers<number>()
  const steps = [5, 5, 40_000]
  const now = (): number => {
    clock += steps.shift() ?? 5
    return clock
  }
  using _ = new SleepWatch(slept.resolve, { everyMs: 5, lateMs: 10_000, now })
  expect(await slept.promise).toBeGreaterThan(10_000)
})
