import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'

/** As it stands in `/webhooks/{name}`. */
export const webhookNameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/,
    'must be of lower case letters, digits, dash and underscore, 64 at most',
  )

const headerNameSchema = z
  .string()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/i, 'must be the name of a header')
  .toLowerCase()

const toleranceSchema = z.int().min(1).max(3600).default(300).describe('Seconds that its clock may differ from ours')

/** Where a sender puts an HMAC of its own making, and what of the request that signs. */
const hmacFormSchema = z
  .object({
    header: headerNameSchema.describe('Holds the signature'),
    prefix: z.string().max(32).default('').describe('Stands before the signature, as `sha256=`'),
    algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    signs: z
      .string()
      .max(200)
      .default('{body}')
      .describe('The signed text, of `{body}`, `{timestamp}` and `{id}`, as `{timestamp}.{body}`'),
    timestamp_header: headerNameSchema.nullable().default(null).describe('Holds seconds since 1970'),
    id_header: headerNameSchema.nullable().default(null).describe('Names the delivery'),
    tolerance_s: toleranceSchema,
    may_repeat: z
      .boolean()
      .default(false)
      .describe('Take the same signed text again; only for a sender whose bodies are honestly the same'),
  })
  .refine(({ signs }) => signs.split('{body}').length === 2, { path: ['signs'], error: 'must name {body} once' })
  .refine(({ signs, timestamp_header }) => signs.includes('{timestamp}') === (timestamp_header !== null), {
    path: ['timestamp_header'],
    error: 'goes with {timestamp} in what is signed: one that is not signed proves nothing',
  })
  .refine(({ signs, id_header }) => !signs.includes('{id}') || id_header !== null, {
    path: ['id_header'],
    error: 'is needed for {id} in what is signed',
  })
export type HmacForm = z.infer<typeof hmacFormSchema>

/** How a sender signs: as GitHub does, by the Standard Webhooks specification, or with a header of its own. */
export const signingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('github') }),
  z.object({ kind: z.literal('standard'), tolerance_s: toleranceSchema }),
  hmacFormSchema.safeExtend({ kind: z.literal('hmac') }),
])
export type Signing = z.infer<typeof signingSchema>

/** The value lies in the vault alone. */
const webhookSecretSchema = z.object({
  id: z.uuid(),
  hint: z.string().describe('Its last four characters'),
  created_at: timeSchema,
})

/** Somebody who may send webhooks here. */
export const webhookSourceSchema = z.object({
  id: z.uuid(),
  name: webhookNameSchema,
  path: z.string().describe('Where it sends to'),
  signing: signingSchema,
  secrets: z.array(webhookSecretSchema).describe('Each is good; two while one is being replaced'),
  problem: failureSchema.nullable().describe('Why its secrets cannot be read, so that nothing of it is taken'),
  created_at: timeSchema,
})
export type WebhookSource = z.infer<typeof webhookSourceSchema>

/** What became of a request to `/webhooks/…`. The first four are of requests whose signature is good. */
export const verdicts = [
  'accepted',
  'ping',
  'duplicate',
  'replayed',
  'unknown_event',
  'bad_payload',
  'no_id',
  'no_signature',
  'wrong_algorithm',
  'bad_signature',
  'stale',
  'bad_content_type',
  'too_large',
] as const
export const verdictSchema = z.enum(verdicts)
export type Verdict = z.infer<typeof verdictSchema>

export const deliveryIdSchema = z.uuid()

export const deliverySummarySchema = z.object({
  id: deliveryIdSchema,
  at: timeSchema.describe('When it came'),
  path: z.string(),
  source: webhookNameSchema.nullable().describe('Whose secret signed it; null where nobody did'),
  sent_id: z.string().nullable().describe('The id that its sender gave it, as `X-GitHub-Delivery`'),
  sent_event: z.string().nullable().describe('As its sender names it, as `issues.opened`'),
  verdict: verdictSchema,
  why: z.string().nullable().describe('What is wrong with it, for people'),
  event: z.string().nullable().describe('The event on our bus that it became'),
  about: z.string().nullable().describe('What it tells of, as `octo/demo#12`'),
  is_late: z.boolean().describe('Something later about the same thing had come before it'),
  bytes: z.int().describe('Of its body, as far as it was read'),
  redelivery_of: deliveryIdSchema.nullable(),
  handled_at: timeSchema.nullable().describe('When its event was handed on; null while it waits, or has none'),
})
export type DeliverySummary = z.infer<typeof deliverySummarySchema>

export const deliverySchema = deliverySummarySchema.extend({
  headers: z.array(z.tuple([z.string(), z.string()])).describe('Names and values, secrets masked'),
  body: z.string().describe('Secrets masked; of a refused one only the beginning'),
  is_cut: z.boolean().describe('Whether the body was longer than what is kept of it'),
  payload: z.unknown().describe('Of its event; null where it has none'),
})
export type Delivery = z.infer<typeof deliverySchema>

/** What holds for all sources. */
export const webhookOptionsSchema = z.strictObject({
  hosts: z
    .array(
      z
        .string()
        .max(255)
        .regex(
          /^[a-z0-9.-]+(?::\d{1,5})?$/,
          'must be a host name in lower case, with a port where the sender names one',
        ),
    )
    .max(20)
    .describe('Names under which a tunnel or proxy passes webhooks on to us; no other route answers to them'),
  keep_days: z.int().min(1).max(3650).describe('Deliveries older than so many days go'),
  keep_count: z.int().min(100).max(1_000_000).describe('So many deliveries stay at most'),
})
export type WebhookOptions = z.infer<typeof webhookOptionsSchema>

export const defaultWebhookOptions: WebhookOptions = { hosts: [], keep_days: 30, keep_count: 10_000 }
