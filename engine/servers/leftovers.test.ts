import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { type RunId, type ServerId, uuidV7 } from '../../shared/ids.ts'
import type { Run } from '../../shared/server.ts'
import { runMarker } from './environment.ts'
import { endLeftovers } from './leftovers.ts'

const { platform } = process

/** A process that ignores SIGTERM, as an app that died would leave it. */
async function leave(run: Run): Promise<number> {
  const program = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'
  const child = spawn(process.execPath, ['-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, [runMarker]: run.id },
  })
  await once(child.stdout, 'data')
  run.pid = child.pid!
  return child.pid!
}

function newRun(server: string): Run {
  return {
    id: uuidV7() as RunId,
    server: server as ServerId,
    pid: null,
    started_at: new Date().toISOString(),
    ready_at: null,
    ended_at: null,
    exit_code: null,
    signal: null,
    cause: null,
    stderr_tail: null,
  }
}

test.skipIf(platform === 'win32')('ends the processes of the given runs and of no others', async () => {
  const [dead, other, empty] = [newRun('dead'), newRun('other'), newRun('empty')]
  const deadPid = await leave(dead)
  const otherPid = await leave(other)
  expect(await endLeftovers([dead, empty], platform)).toEqual({
    ended: [{ server: 'dead', pids: [deadPid] }],
    survivors: [],
  })
  expect(process.kill(otherPid, 0)).toBe(true)
  expect(await endLeftovers([other], platform)).toEqual({
    ended: [{ server: 'other', pids: [otherPid] }],
    survivors: [],
  })
  expect(await endLeftovers([dead, other], platform)).toEqual({ ended: [], survivors: [] })
})

test.runIf(platform === 'linux')('does not take a pid that is used again for a leftover', async () => {
  const run = { ...newRun('dead'), pid: process.ppid }
  expect(await endLeftovers([run], platform)).toEqual({ ended: [], survivors: [] })
})
