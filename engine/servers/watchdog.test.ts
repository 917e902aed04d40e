import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { uuidV7 } from '../../shared/ids.ts'
import { markerOf, runMarker } from './environment.ts'
import { processStart, processTable } from './process-table.ts'
import { Watchdog } from './watchdog.ts'

const { platform } = process

async function living(pids: number[]): Promise<number[]> {
  const table = await processTable(platform)
  return pids.filter((pid) => table.some((row) => row.pid === pid))
}

/** A process in a session of its own that only SIGKILL ends. */
async function stubborn(env: Record<string, string> = {}) {
  const program = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'
  const { [runMarker]: _, ...clean } = process.env
  const child = spawn(process.execPath, ['-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...clean, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return { child, pid: child.pid!, startedAt: (await processStart(child.pid!, platform))! }
}

test.runIf(platform === 'linux')('ends groups and marked processes at our death, and nothing else', async () => {
  const installId = randomUUID()
  const run = uuidV7()
  await using watchdog = new Watchdog({ installId, platform, env: process.env })
  const leader = await stubborn()
  const wanderer = await stubborn({ [runMarker]: markerOf(installId, run) })
  const strangers = [
    await stubborn({ [runMarker]: markerOf(installId, uuidV7()) }),
    await stubborn({ [runMarker]: markerOf(randomUUID(), run) }),
    await stubborn({ NOTE: `${runMarker}=${markerOf(installId, run)}` }),
  ]
  const reused = await stubborn()
  watchdog.tell([
    { runId: run, pid: leader.pid, startedAt: leader.startedAt },
    { runId: uuidV7(), pid: reused.pid, startedAt: `${reused.startedAt}1` },
    { runId: uuidV7(), pid: null, startedAt: null },
  ])
  const ended = Promise.all([once(leader.child, 'exit'), once(wanderer.child, 'exit')])
  await watchdog[Symbol.asyncDispose]()
  expect((await ended).map(([, signal]) => signal)).toEqual(['SIGKILL', 'SIGKILL'])
  const rest = [...strangers, reused].map(({ pid }) => pid)
  expect(await living(rest)).toEqual(rest)
})

test.skipIf(platform === 'win32')('leaves when nothing is owned, whatever signal it was sent before', async () => {
  const watchdog = new Watchdog({ installId: randomUUID(), platform, env: process.env })
  const pid = watchdog.pid!
  expect(await living([pid])).toEqual([pid])
  process.kill(pid, 'SIGHUP')
  watchdog.tell([{ runId: uuidV7(), pid: null, startedAt: null }])
  watchdog.tell([])
  await watchdog[Symbol.asyncDispose]()
  expect(await living([pid])).toEqual([])
})

test.skipIf(platform === 'win32')('comes back when it was killed, and knows what it knew', async () => {
  const installId = randomUUID()
  const watchdog = new Watchdog({ installId, platform, env: process.env })
  const owned = await stubborn()
  watchdog.tell([{ runId: uuidV7(), pid: owned.pid, startedAt: owned.startedAt }])
  const first = watchdog.pid!
  process.kill(first, 'SIGKILL')
  await expect.poll(() => watchdog.pid, { timeout: 10_000 }).not.toBe(first)
  const ended = once(owned.child, 'exit')
  await watchdog[Symbol.asyncDispose]()
  expect((await ended)[1]).toBe('SIGKILL')
})
