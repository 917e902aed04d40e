import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { type RunId, type ServerId, uuidV7 } from '../../shared/ids.ts'
import { markerOf, runMarker } from './environment.ts'
import { endLeftovers } from './leftovers.ts'
import { processStart } from './process-table.ts'

const { platform } = process

/** A process that ignores SIGTERM, as an app that died would leave it. */
async function leave(marker: string | null): Promise<number> {
  const program = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'
  const { [runMarker]: _, ...env } = process.env
  const child = spawn(process.execPath, ['-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...env, ...(marker !== null && { [runMarker]: marker }) },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child.pid!
}

const run = (server: string) => ({ id: uuidV7() as RunId, server: server as ServerId })
const nothing = { ended: [], survivors: [] }

test.runIf(platform === 'linux')('ends what carries the marker of this install, and nothing of another', async () => {
  const installId = randomUUID()
  const dead = run('dead')
  const ours = await leave(markerOf(installId, dead.id))
  const forgotten = await leave(markerOf(installId, uuidV7()))
  const others = [
    await leave(markerOf(randomUUID(), dead.id)),
    // Its name begins as ours does.
    await leave(markerOf(`${installId}-2`, dead.id)),
  ]
  const { ended, survivors } = await endLeftovers({ installId, runs: [dead], registry: null }, platform)
  expect(new Map(ended.map(({ server, pids }) => [server, pids]))).toEqual(
    new Map<string | null, number[]>([
      ['dead', [ours]],
      [null, [forgotten]],
    ]),
  )
  expect(survivors).toEqual([])
  for (const other of others) expect(process.kill(other, 0)).toBe(true)
  expect(await endLeftovers({ installId, runs: [dead], registry: null }, platform)).toEqual(nothing)
})

test.skipIf(platform === 'win32')('ends by the registry only what began when the registry says', async () => {
  const installId = randomUUID()
  const pid = await leave(null)
  const started_at = await processStart(pid, platform)
  const lifeWith = (began: string | null) => {
    const processes = [{ run_id: uuidV7(), server: 'dead', pid, started_at: began }]
    return { installId, runs: [], registry: { boot_id: null, processes } }
  }
  expect(await endLeftovers(lifeWith(`${started_at}0`), platform)).toEqual(nothing)
  expect(await endLeftovers(lifeWith(null), platform)).toEqual(nothing)
  expect(process.kill(pid, 0)).toBe(true)
  expect(await endLeftovers(lifeWith(started_at), platform)).toEqual({
    ended: [{ server: 'dead', pids: [pid] }],
    survivors: [],
  })
})
