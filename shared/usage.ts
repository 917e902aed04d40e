import { z } from 'zod'
import { timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

/** What a server's process and all that it started use together. */
export const serverUsageSchema = z.object({
  id: serverIdSchema,
  cpu_percent: z.number().nullable().describe('Of one core, since the last sample; null at the first one'),
  memory_mb: z.number().describe('Shared pages counted once where the system tells them apart (PSS), else RSS'),
  processes: z.int(),
})
export type ServerUsage = z.infer<typeof serverUsageSchema>

/** One look at all running servers. */
export const usageSampleSchema = z.object({ at: timeSchema, servers: z.array(serverUsageSchema) })
export type UsageSample = z.infer<typeof usageSampleSchema>

/** Samples kept and shown: ten minutes, one in five seconds. */
export const usageSamplesKept = 120

/** The samples after some more, oldest first, within what is kept. */
export function withSamples(samples: readonly UsageSample[], more: readonly UsageSample[]): UsageSample[] {
  const last = samples.at(-1)?.at ?? ''
  return [...samples, ...more.filter(({ at }) => at > last)].slice(-usageSamplesKept)
}
