import { oc } from '@orpc/contract'
import { z } from 'zod'
import { askedTaskIdSchema, serverIdSchema, taskIdSchema } from './ids.ts'
import { circuitSchema, limitSchema } from './limits.ts'

const limitsStateSchema = z.object({
  limits: z.array(limitSchema).describe('In the order in which they were made'),
  circuits: z.array(circuitSchema).describe('Servers that calls do not reach now'),
})

/** Bounds on what goes through; none unless set. The owner alone may call these. */
export const limitsContract = {
  limits: {
    get: oc
      .route({ method: 'GET', path: '/limits', summary: 'The limits, and the circuits that are open' })
      .output(limitsStateSchema),
    set: oc
      .route({ method: 'PUT', path: '/limits', summary: 'Replace all limits' })
      .input(z.object({ limits: z.array(limitSchema).max(1000) }))
      .output(limitsStateSchema),
    closeCircuit: oc
      .route({ method: 'POST', path: '/limits/circuits/{server}/close', summary: 'Let calls reach a server again' })
      .input(z.object({ server: serverIdSchema }))
      .output(z.object({ closed: z.boolean() })),
    result: oc
      .route({ method: 'GET', path: '/results/{task_id}', summary: 'A result that was too large to hand on, whole' })
      .input(z.object({ task_id: askedTaskIdSchema }))
      .output(z.object({ task_id: taskIdSchema, bytes: z.int(), text: z.string().describe('JSON, secrets masked') })),
  },
}
