import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'
import { secretNameSchema } from './secret.ts'

/** Where GitHub is asked what it sent: a webhook of a repository, and the token that may see it. */
export const missedRequestSchema = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'must be OWNER/REPOSITORY'),
  token: secretNameSchema.describe(
    'The secret that holds a token of GitHub which may administer webhooks of the repository',
  ),
  hook_id: z.int().min(1).optional().describe('Of the webhook; without it the one that sends to /webhooks/github'),
  api_url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .default('https://api.github.com')
    .describe('Of GitHub Enterprise, another'),
  redeliver: z.boolean().default(false).describe('Asks GitHub to send them once more'),
})
export type MissedRequest = z.infer<typeof missedRequestSchema>

/** A delivery that GitHub made and that is not on record here as one that came and was proven. */
export const missedDeliverySchema = z.object({
  sent_id: z.string().describe('As in `X-GitHub-Delivery`'),
  event: z.string(),
  action: z.string().nullable(),
  at: timeSchema.describe('When GitHub last tried it'),
  answered: z.int().nullable().describe('The status that GitHub got; null where nobody answered'),
  asked: z.boolean().describe('GitHub has taken the request to send it once more'),
  failure: failureSchema.nullable().describe('Why GitHub would not'),
})
export type MissedDelivery = z.infer<typeof missedDeliverySchema>

export const missedAnswerSchema = z.object({
  hook_id: z.int(),
  looked_at: z.int().describe('Deliveries that GitHub told of'),
  is_cut: z.boolean().describe('There are older ones that were not looked at'),
  items: z.array(missedDeliverySchema).describe('The newest first'),
})
export type MissedAnswer = z.infer<typeof missedAnswerSchema>
