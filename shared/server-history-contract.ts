import { oc } from '@orpc/contract'
import { z } from 'zod'
import { beforeSchema, limitSchema, pageOf } from './common.ts'
import { serverIdSchema } from './ids.ts'
import { runSchema } from './server.ts'
import { transitionSchema } from './transition.ts'

/** What is on record of a server's past. */
export const serverHistoryContract = {
  runs: oc
    .route({ method: 'GET', path: '/servers/{id}/runs', summary: 'Lives of its process, newest first' })
    .input(z.object({ id: serverIdSchema, before: beforeSchema, limit: limitSchema }))
    .output(pageOf(runSchema)),
  transitions: oc
    .route({
      method: 'GET',
      path: '/servers/{id}/transitions',
      summary: 'What it went through, state by state and why, newest first',
    })
    .input(z.object({ id: serverIdSchema, before: beforeSchema, limit: limitSchema }))
    .output(pageOf(transitionSchema)),
}
