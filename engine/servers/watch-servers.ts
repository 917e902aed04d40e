import type { Server } from '../../shared/server.ts'
import type { AttentionItem } from '../../shared/snapshot.ts'
import type { UsageSample } from '../../shared/usage.ts'
import type { RemoteSpec } from '../config/server-spec.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { LogPipeline } from '../logs/log-pipeline.ts'
import { ExposureWatch } from './exposure-watch.ts'
import { MemoryWatch } from './memory-watch.ts'
import { SleepWatch } from './sleep-watch.ts'
import type { Supervisor } from './supervisor.ts'
import { sampledServers, UsageSampler } from './usage-sampler.ts'

interface WatchParts {
  readonly platform: NodeJS.Platform
  readonly supervisor: Supervisor
  readonly bus: Pick<EventBus, 'subscribe'>
  readonly logs: Pick<LogPipeline, 'write'>
  fill(remote: RemoteSpec): Promise<{ url: string }>
  /** Told of each look at what the processes use. */
  onSample(sample: UsageSample): void
  /** Told when there may be other items than before. */
  onNews(): void
}

interface Watched extends Disposable {
  readonly usage: UsageSampler
  /** What a person should know of servers that are otherwise well. */
  items(servers: readonly Server[]): AttentionItem[]
}

/** Looks after servers beside their states: what they use, whether the machine slept, and who else may call them. */
export function watchServers({ platform, supervisor, bus, logs, fill, onSample, onNews }: WatchParts): Watched {
  const stack = new DisposableStack()
  const memory = new MemoryWatch()
  const usage = stack.use(
    new UsageSampler({
      platform,
      servers: () => sampledServers(supervisor),
      onOverLimit: (id, over) => supervisor.endOverLimit(id, over),
      onMeasured: (measured) => {
        if (memory.look(measured)) onNews()
        onSample(usage.samples.at(-1)!)
      },
    }),
  )
  stack.use(new SleepWatch(() => supervisor.afterSleep()))
  const exposure = stack.use(new ExposureWatch({ platform, bus, supervisor, logs, fill, onNews }))
  return {
    usage,
    items: (servers) => [...memory.items(servers), ...exposure.items(servers)],
    [Symbol.dispose]: () => stack.dispose(),
  }
}
