import { z } from 'zod'

/** RFC 3339 in UTC with milliseconds, for example `2026-11-22T14:07:15.501Z`. */
export const timeSchema = z.iso.datetime()

export const failureSchema = z.object({
  code: z.string().describe('Stable, lower snake case'),
  message: z.string().describe('What happened, for people'),
  hint: z.string().nullable().describe('What to do next'),
})

/** Where a page of a list ends; opaque, from `next_before` of the page before. */
export const beforeSchema = z.string().max(200).optional()

export const limitSchema = z.coerce.number().int().min(1).max(1000).default(100)

/** One value, or several as repeated parameters or separated by commas. */
export function oneOrMore<T extends z.ZodType>(item: T) {
  return z
    .preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(item).min(1))
    .optional()
}

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_before: z.string().nullable() })
}
