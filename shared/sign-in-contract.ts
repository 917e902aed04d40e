import { oc } from '@orpc/contract'
import { z } from 'zod'
import { timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

const serverById = z.object({ id: serverIdSchema })

/** Signing in to remote servers. How that stands is in the snapshot, under `sign_ins`. */
export const signInContract = {
  start: oc
    .route({
      method: 'POST',
      path: '/servers/{id}/sign-in',
      summary: 'Where to sign in to it: a page of its authorization server; it leads back by itself',
    })
    .input(serverById)
    .output(
      z.object({
        url: z.url().describe('To be opened in a browser of this machine; the same while the sign-in waits'),
        until: timeSchema,
      }),
    ),
  cancel: oc
    .route({ method: 'POST', path: '/servers/{id}/sign-in/cancel', summary: 'Wait for it no longer' })
    .input(serverById)
    .output(z.object({ cancelled: z.boolean() })),
  signOut: oc
    .route({
      method: 'DELETE',
      path: '/servers/{id}/sign-in',
      summary: 'Forget the tokens, and have them revoked where that is offered',
    })
    .input(serverById)
    .output(z.object({ signed_out: z.boolean() })),
}
