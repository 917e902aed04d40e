import { z } from 'zod'
import { timeSchema } from './common.ts'

/** What an agreement is about, part by part, in the order in which it is shown. */
export const consentFields = [
  'transport',
  'command',
  'program',
  'package',
  'arguments',
  'environment',
  'folder',
  'url',
  'headers',
  'watch',
] as const
export type ConsentField = (typeof consentFields)[number]

/** Texts for a word diff; null where there was nothing, or is nothing any more. */
const differenceSchema = z.object({ before: z.string().nullable(), after: z.string().nullable() })

export const consentSchema = z.object({
  status: z
    .enum(['new', 'agreed', 'changed'])
    .describe('new: nobody has agreed to it yet; changed: what would run is not what was agreed to'),
  seen: z.string().describe('Names exactly what is shown here; hand it to `approve`'),
  agreed_at: timeSchema.nullable(),
  agreed_by: z.string().nullable(),
  fields: z
    .array(differenceSchema.extend({ field: z.enum(consentFields), is_changed: z.boolean() }))
    .describe('All that would run, each part with what it was'),
  tools: z
    .array(differenceSchema.extend({ name: z.string() }))
    .describe('Tools that are held back: new since the agreement, or worded otherwise'),
})
export type Consent = z.infer<typeof consentSchema>
