import { oc } from '@orpc/contract'
import { z } from 'zod'
import { callbackSchema } from './callback.ts'
import { askedTaskIdSchema } from './ids.ts'

const taskById = z.object({ task_id: askedTaskIdSchema })

/** What is owed to whoever asked for a task with `callback_url`. The owner alone may call these. */
export const callbacksContract = {
  callbacks: {
    get: oc
      .route({ method: 'GET', path: '/tasks/{task_id}/callback', summary: 'What became of its callback' })
      .input(taskById)
      .output(callbackSchema),
    redeliver: oc
      .route({
        method: 'POST',
        path: '/tasks/{task_id}/callback/redeliver',
        successStatus: 202,
        summary: 'Deliver its callback once more, from the first attempt',
      })
      .input(taskById)
      .output(callbackSchema),
    signingKey: oc
      .route({ method: 'GET', path: '/callbacks/signing-key', summary: 'The key that receivers check signatures with' })
      .output(
        z.object({
          key: z.string().describe('`whsec_` and base64, as the libraries of Standard Webhooks take it'),
          scheme: z.literal('standard-webhooks-1'),
        }),
      ),
  },
}
