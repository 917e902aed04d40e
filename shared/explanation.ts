import { z } from 'zod'

/** What must hold for a tool to stand in a client's list, in the order in which it is looked at. */
export const explainedLinks = [
  'client_admitted',
  'server_known',
  'server_wished',
  'consent_held',
  'server_listed',
  'tool_listed',
  'server_granted',
  'tool_granted',
  'name_known',
  'client_asked',
  'client_cap',
] as const

const linkSchema = z.object({
  link: z.enum(explainedLinks),
  status: z.enum(['holds', 'broken', 'not_reached']),
  message: z.string().describe('What was found, one sentence; what is looked at where it was not reached'),
  hint: z.string().nullable().describe('What to do where it broke'),
})

export const explanationSchema = z.object({
  broken: z.enum(explainedLinks).nullable().describe('The first link that broke; null when all hold'),
  links: z.array(linkSchema),
})
export type Explanation = z.infer<typeof explanationSchema>
export type ExplainedLink = z.infer<typeof linkSchema>
