import { useMemo } from 'react'
import { create } from 'zustand'
import { type ServerUsage, type UsageSample, withSamples } from '../../shared/usage.ts'
import { useStream } from './hooks.ts'

interface UsageState {
  samples: readonly UsageSample[]
}

const useUsageStore = create<UsageState>(() => ({ samples: [] }))

/** Has the engine look at what servers use, for as long as the component is shown. */
export function useUsageFeed(): void {
  useStream(
    'usage',
    (client, signal) => client.servers.followUsage(undefined, { signal }),
    ({ samples }) => useUsageStore.setState((state) => ({ samples: withSamples(state.samples, samples) })),
  )
}

/** What one server used at each look of the last ten minutes, oldest first; null where it did not run. */
export function useServerUsage(id: string): readonly (ServerUsage | null)[] {
  const samples = useUsageStore((state) => state.samples)
  return useMemo(() => samples.map((sample) => usageIn(sample, id)), [samples, id])
}

/** Servers at the last look, the busiest first, then the largest. */
export function useBusiest(): readonly ServerUsage[] {
  const last = useUsageStore((state) => state.samples.at(-1))
  return useMemo(() => [...(last?.servers ?? [])].sort(byLoad), [last])
}

function usageIn(sample: UsageSample, id: string): ServerUsage | null {
  return sample.servers.find((usage) => usage.id === id) ?? null
}

function byLoad(a: ServerUsage, b: ServerUsage): number {
  return (b.cpu_percent ?? 0) - (a.cpu_percent ?? 0) || b.memory_mb - a.memory_mb
}
