import type { ServerId } from '../../shared/ids.ts'
import type { Run } from '../../shared/server.ts'
import { becomes, signalAll } from './end-processes.ts'
import { processesOfRuns } from './process-table.ts'

const graceMs = 1000
const killMs = 2000

/**
 * Ends what the runs of an app that died have left behind, before anything is started. Pass what `closeOpenRuns` gave.
 * Resolves with the pids that were found, by server; whatever refuses to go is in `survivors`.
 */
export async function endLeftovers(
  runs: readonly Run[],
  platform: NodeJS.Platform,
): Promise<{ ended: { server: ServerId; pids: number[] }[]; survivors: number[] }> {
  if (runs.length === 0) return { ended: [], survivors: [] }
  const living = async () => [...(await processesOfRuns(runs, platform)).values()].flat()
  const isGone = async () => (await living()).length === 0

  const found = await processesOfRuns(runs, platform)
  signalAll([...found.values()].flat(), 'SIGTERM')
  if (!(await becomes(isGone, graceMs))) {
    signalAll(await living(), 'SIGKILL')
    await becomes(isGone, killMs)
  }
  const ended = runs.flatMap(({ id, server }) => {
    const pids = found.get(id)?.map((row) => row.pid) ?? []
    return pids.length === 0 ? [] : [{ server, pids }]
  })
  return { ended, survivors: (await living()).map((row) => row.pid) }
}
