import { oc } from '@orpc/contract'
import { z } from 'zod'
import { beforeSchema, limitSchema, oneOrMore, pageOf } from './common.ts'
import { serverIdSchema } from './ids.ts'
import { missedAnswerSchema, missedRequestSchema } from './missed-deliveries.ts'
import { newRuleSchema } from './rule.ts'
import {
  deliveryIdSchema,
  deliverySchema,
  deliverySummarySchema,
  signingSchema,
  verdictSchema,
  webhookNameSchema,
  webhookOptionsSchema,
  webhookSourceSchema,
} from './webhooks.ts'

const sourceById = z.object({ id: z.uuid() })
const deliveryById = z.object({ id: deliveryIdSchema })

/** A secret that its sender made; without one we make it. */
const givenSecret = z.string().min(16).max(512).optional()

const withSecret = z.object({
  source: webhookSourceSchema,
  secret: z.string().describe('To be entered at the sender; it is shown this once'),
})

/** Who may send webhooks here, and what came. The owner alone may call these. */
export const webhooksContract = {
  webhooks: {
    sources: oc
      .route({ method: 'GET', path: '/webhook-sources', summary: 'Who may send webhooks here; never their secrets' })
      .output(z.object({ items: z.array(webhookSourceSchema) })),
    createSource: oc
      .route({
        method: 'POST',
        path: '/webhook-sources',
        successStatus: 201,
        summary: 'Let somebody send webhooks; answers with the secret, this once',
      })
      .input(
        z.object({
          name: webhookNameSchema,
          signing: signingSchema.default({ kind: 'github' }),
          secret: givenSecret,
        }),
      )
      .output(withSecret),
    addSecret: oc
      .route({
        method: 'POST',
        path: '/webhook-sources/{id}/secrets',
        successStatus: 201,
        summary: 'A further secret, good beside the others, to replace one without a gap',
      })
      .input(sourceById.extend({ secret: givenSecret }))
      .output(withSecret),
    removeSecret: oc
      .route({
        method: 'DELETE',
        path: '/webhook-sources/{id}/secrets/{secret_id}',
        summary: 'What is signed with it is refused from now on',
      })
      .input(sourceById.extend({ secret_id: z.uuid() }))
      .output(webhookSourceSchema),
    removeSource: oc
      .route({ method: 'DELETE', path: '/webhook-sources/{id}', summary: 'Take nothing more of it; deliveries stay' })
      .input(sourceById)
      .output(z.object({ removed: z.boolean() })),
    deliveries: oc
      .route({ method: 'GET', path: '/webhook-deliveries', summary: 'What came, the newest first, without bodies' })
      .input(
        z.object({
          source: webhookNameSchema.optional(),
          verdict: oneOrMore(verdictSchema),
          before: beforeSchema,
          limit: limitSchema,
        }),
      )
      .output(pageOf(deliverySummarySchema)),
    delivery: oc
      .route({ method: 'GET', path: '/webhook-deliveries/{id}', summary: 'One of them, with headers and body' })
      .input(deliveryById)
      .output(deliverySchema),
    redeliver: oc
      .route({
        method: 'POST',
        path: '/webhook-deliveries/{id}/redeliver',
        successStatus: 202,
        summary: 'Its event once more, as a new delivery',
      })
      .input(deliveryById)
      .output(deliverySummarySchema),
    missed: oc
      .route({
        method: 'POST',
        path: '/webhook-deliveries/missed',
        summary: 'What GitHub sent and what did not come here; has it sent once more where asked to',
      })
      .input(missedRequestSchema)
      .output(missedAnswerSchema),
    readyMadeRules: oc
      .route({
        method: 'GET',
        path: '/ready-made-rules',
        summary: "Rules for GitHub to begin with, over its MCP server's tools",
      })
      .input(
        z.object({ github: serverIdSchema.optional().describe("The id of GitHub's MCP server; `github` unless told") }),
      )
      .output(z.object({ items: z.array(z.object({ id: z.string(), about: z.string(), rule: newRuleSchema })) })),
    options: oc
      .route({ method: 'GET', path: '/webhook-options', summary: 'Hosts of tunnels, and how long deliveries are kept' })
      .output(webhookOptionsSchema),
    setOptions: oc
      .route({ method: 'PUT', path: '/webhook-options', summary: 'Replace them' })
      .input(webhookOptionsSchema)
      .output(webhookOptionsSchema),
  },
}
