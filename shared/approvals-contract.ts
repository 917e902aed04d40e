import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  approvalRuleSchema,
  approvalScopeSchema,
  decisionSchema,
  heldCallSchema,
  rememberSchema,
  verdictSchema,
} from './approvals.ts'
import { beforeSchema, limitSchema, pageOf } from './common.ts'
import { taskIdSchema } from './ids.ts'

const ruleById = z.object({ id: z.uuid() })

/** Calls that wait for a person, and what makes them wait. The owner alone may call these. */
export const approvalsContract = {
  approvals: {
    list: oc
      .route({ method: 'GET', path: '/approvals', summary: 'Calls that wait for a person, the oldest first' })
      .output(z.object({ items: z.array(heldCallSchema) })),
    get: oc
      .route({ method: 'GET', path: '/approvals/{id}', summary: 'One of them, with its arguments' })
      .input(z.object({ id: taskIdSchema }))
      .output(
        heldCallSchema.extend({ arguments_text: z.string().describe('JSON as the client wrote it, secrets masked') }),
      ),
    decide: oc
      .route({ method: 'POST', path: '/approvals/{id}', summary: 'Let it go on, or refuse it' })
      .input(
        z.object({
          id: taskIdSchema,
          verdict: verdictSchema,
          remember: rememberSchema.default('once'),
          scope: approvalScopeSchema.default('tool_and_client'),
        }),
      )
      .output(decisionSchema),
    rules: oc
      .route({ method: 'GET', path: '/approval-rules', summary: 'Which calls ask a person first' })
      .output(z.object({ items: z.array(approvalRuleSchema) })),
    saveRule: oc
      .route({ method: 'PUT', path: '/approval-rules/{id}', summary: 'Replace a rule; adds it when new' })
      .input(approvalRuleSchema)
      .output(approvalRuleSchema),
    removeRule: oc
      .route({ method: 'DELETE', path: '/approval-rules/{id}', summary: 'Forget a rule' })
      .input(ruleById)
      .output(z.object({ removed: z.boolean() })),
    remembered: oc
      .route({ method: 'GET', path: '/approval-decisions/remembered', summary: 'Answers that hold for later calls' })
      .output(z.object({ items: z.array(decisionSchema) })),
    revoke: oc
      .route({ method: 'DELETE', path: '/approval-decisions/{id}', summary: 'Ask again from now on' })
      .input(ruleById)
      .output(z.object({ revoked: z.boolean() })),
    history: oc
      .route({ method: 'GET', path: '/approval-decisions', summary: 'Who answered what, the newest first' })
      .input(z.object({ before: beforeSchema, limit: limitSchema }))
      .output(pageOf(decisionSchema)),
  },
}
