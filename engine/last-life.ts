import type { Notice } from '../shared/snapshot.ts'
import type { Host } from './host.ts'
import type { LogPipeline } from './logs/log-pipeline.ts'
import { installIdOf } from './servers/install-id.ts'
import { endLeftovers, type Leftovers } from './servers/leftovers.ts'
import { readRegistry } from './servers/process-registry.ts'
import type { Store } from './store/store.ts'

interface LastLifeParts {
  readonly host: Host
  readonly store: Store
  /** Without a lock on the home, what looks like a leftover may be the server of a program that runs. */
  readonly isLocked: boolean
  readonly startedAt: string
}

interface LastLife {
  /** Stands in the environment of every process that this home ever starts. */
  readonly installId: string
  readonly interrupted: { count: number; at: string }
  readonly leftovers: Leftovers
}

/** Closes what the life before left open: its tasks, its runs and its processes. */
export async function settleLastLife({ host, store, isLocked, startedAt }: LastLifeParts): Promise<LastLife> {
  const isWritable = store.access === 'read_write'
  const interrupted = { count: isWritable ? await store.tasks.interruptOpen(startedAt) : 0, at: startedAt }
  const installId = await installIdOf(store.settings, host.home, isWritable)
  const runs = isWritable ? await store.servers.closeOpenRuns(startedAt) : []
  const registry = await readRegistry(host.home)
  const leftovers = isLocked
    ? await endLeftovers({ installId, runs, registry }, host.platform)
    : { ended: [], survivors: [] }
  return { installId, interrupted, leftovers }
}

interface Told {
  readonly logs: Pick<LogPipeline, 'write'>
  raise(notice: Omit<Notice, 'id' | 'at'>): void
}

/** What the runs of an app that died left behind is news, even where it is gone now. */
export function tellLeftovers({ ended, survivors }: Leftovers, { logs, raise }: Told): void {
  for (const { server, pids } of ended) {
    if (server === null) continue
    const text = `ended ${pids.length} of its processes that an earlier Signalbox left behind: ${pids.join(', ')}`
    logs.write({ server, run_id: null, stream: 'supervisor', level: 'warn', text })
  }
  const count = ended.reduce((sum, { pids }) => sum + pids.length, 0)
  if (count > 0) {
    const message = `Ended ${count === 1 ? '1 process' : `${count} processes`} that an earlier Signalbox left behind.`
    raise({ severity: 'info', server: null, task_id: null, title: 'Cleaned up', message })
  }
  if (survivors.length === 0) return
  const message = `Processes that an earlier Signalbox left behind cannot be ended: ${survivors.join(', ')}.`
  raise({ severity: 'danger', server: null, task_id: null, title: 'Leftovers', message })
}
