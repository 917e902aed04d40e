import { z } from 'zod'

/** Whether an entry that runs through npx can run an installed package instead. */
export const conversionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({
    kind: z.literal('offered'),
    package: z.string(),
    version: z.string().nullable().describe('As written; null: the latest one, which then stays'),
    gain: z.object({
      start_times_faster: z.number().describe('Than npx with a warm cache, measured on four servers'),
      memory_share: z.number().describe('Of the memory that npx and the server use together'),
    }),
  }),
  z.object({ kind: z.literal('converted') }),
])
export type Conversion = z.infer<typeof conversionSchema>
