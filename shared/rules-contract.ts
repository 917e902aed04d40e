import { oc } from '@orpc/contract'
import { z } from 'zod'
import { beforeSchema, limitSchema, oneOrMore, pageOf } from './common.ts'
import { taskIdSchema } from './ids.ts'
import {
  dryRunSchema,
  newRuleSchema,
  ruleIdSchema,
  ruleProblemSchema,
  ruleRunSchema,
  ruleViewSchema,
  runStatuses,
  sampleEventSchema,
  testVerdictSchema,
  wholeRuleRunSchema,
} from './rule.ts'

const ruleById = z.object({ id: ruleIdSchema })

/** Rules: what happens by itself when something happened. The owner alone may call these. */
export const rulesContract = {
  rules: {
    list: oc
      .route({ method: 'GET', path: '/rules', summary: 'All rules and how they fare, the first made first' })
      .output(z.object({ items: z.array(ruleViewSchema) })),
    get: oc.route({ method: 'GET', path: '/rules/{id}', summary: 'One rule' }).input(ruleById).output(ruleViewSchema),
    create: oc
      .route({ method: 'POST', path: '/rules', successStatus: 201, summary: 'Add a rule; it is off unless told' })
      .input(newRuleSchema)
      .output(ruleViewSchema),
    update: oc
      .route({ method: 'PUT', path: '/rules/{id}', summary: 'Replace a rule' })
      .input(newRuleSchema.extend({ id: ruleIdSchema }))
      .output(ruleViewSchema),
    enable: oc
      .route({ method: 'PUT', path: '/rules/{id}/enabled', summary: 'Switch it on or off' })
      .input(ruleById.extend({ enabled: z.boolean() }))
      .output(ruleViewSchema),
    remove: oc
      .route({ method: 'DELETE', path: '/rules/{id}', summary: 'Forget a rule; its runs stay' })
      .input(ruleById)
      .output(z.object({ removed: z.boolean() })),
    validate: oc
      .route({ method: 'POST', path: '/rules/validate', summary: 'What is wrong with a rule; nothing is saved' })
      .input(newRuleSchema)
      .output(z.object({ problems: z.array(ruleProblemSchema).describe('Errors first') })),
    export: oc
      .route({ method: 'GET', path: '/rules/{id}/text', summary: 'A rule as a text to keep or to pass on' })
      .input(ruleById.extend({ format: z.enum(['yaml', 'json']).default('yaml') }))
      .output(z.object({ text: z.string() })),
    read: oc
      .route({
        method: 'POST',
        path: '/rules/read',
        summary: 'A rule from YAML or JSON, switched off; nothing is saved',
      })
      .input(z.object({ text: z.string().max(200_000) }))
      .output(z.object({ rule: newRuleSchema, problems: z.array(ruleProblemSchema) })),
    samples: oc
      .route({ method: 'GET', path: '/rule-samples', summary: 'A believable payload for each event' })
      .output(z.object({ items: z.array(sampleEventSchema) })),
    dryRun: oc
      .route({ method: 'POST', path: '/rules/dry-run', summary: 'What a rule would do with an event; nothing is done' })
      .input(
        z.object({
          rule: newRuleSchema,
          event: sampleEventSchema.nullable().default(null).describe('null: a sample of the first event it waits for'),
          steps: z
            .record(z.string(), z.record(z.string(), z.unknown()))
            .default({})
            .describe('What earlier steps are assumed to give, by their names'),
        }),
      )
      .output(dryRunSchema),
    test: oc
      .route({
        method: 'POST',
        path: '/rules/{id}/test',
        successStatus: 202,
        summary: 'Hand it a marked sample event: its steps are really done',
      })
      .input(ruleById.extend({ event: sampleEventSchema.nullable().default(null) }))
      .output(testVerdictSchema),
    runs: oc
      .route({ method: 'GET', path: '/rule-runs', summary: 'Events that met a rule and what came of it, newest first' })
      .input(
        z.object({
          rule: ruleIdSchema.optional(),
          status: oneOrMore(z.enum(runStatuses)),
          before: beforeSchema,
          limit: limitSchema,
        }),
      )
      .output(pageOf(ruleRunSchema)),
    run: oc
      .route({ method: 'GET', path: '/rule-runs/{id}', summary: 'One of them, with its event' })
      .input(z.object({ id: taskIdSchema }))
      .output(wholeRuleRunSchema),
  },
}
