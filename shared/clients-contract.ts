import { oc } from '@orpc/contract'
import { z } from 'zod'
import { budgetSchema, switchedOffSchema } from './budget.ts'
import { clientIdSchema, clientNameSchema, clientSchema, profileIdSchema, profileSchema } from './client.ts'
import { explanationSchema } from './explanation.ts'
import { serverIdSchema } from './ids.ts'

const clientById = z.object({ id: clientIdSchema })
const profileById = z.object({ id: profileIdSchema })
const withToken = z.object({
  client: clientSchema,
  token: z.string().describe('Shown this once: only its hash is kept'),
})

/** Who may call the gateway, and what they reach. For the owner only, as all of the contract. */
export const clientsContract = {
  clients: {
    list: oc
      .route({ method: 'GET', path: '/clients', summary: 'All clients, the first made first' })
      .output(z.object({ items: z.array(clientSchema) })),
    issue: oc
      .route({ method: 'POST', path: '/clients', successStatus: 201, summary: 'Make a client and issue its token' })
      .input(
        z.object({
          name: clientNameSchema,
          program: z.string().max(80).nullable().default(null),
          profile: profileIdSchema.nullable().default(null),
        }),
      )
      .output(withToken),
    ensure: oc
      .route({
        method: 'POST',
        path: '/clients/ensure',
        summary: 'The client of that name, made when missing, and the token that `signalbox connect` calls with',
      })
      .input(z.object({ name: clientNameSchema, program: z.string().max(80).optional() }))
      .output(z.object({ client: clientSchema, token: z.string() })),
    rotate: oc
      .route({ method: 'POST', path: '/clients/{id}/rotate', summary: 'A new token; the old one ends at once' })
      .input(clientById)
      .output(withToken),
    revoke: oc
      .route({ method: 'POST', path: '/clients/{id}/revoke', summary: 'End its token for good' })
      .input(clientById)
      .output(clientSchema),
    rename: oc
      .route({ method: 'PUT', path: '/clients/{id}/name', summary: 'Its tasks so far keep the old name' })
      .input(clientById.extend({ name: clientNameSchema }))
      .output(clientSchema),
    setProfile: oc
      .route({ method: 'PUT', path: '/clients/{id}/profile', summary: 'What it reaches; null is everything' })
      .input(clientById.extend({ profile: profileIdSchema.nullable() }))
      .output(clientSchema),
    remove: oc
      .route({ method: 'DELETE', path: '/clients/{id}', summary: 'Forget it and its token; its tasks stay' })
      .input(clientById)
      .output(z.object({ removed: z.boolean() })),
    explain: oc
      .route({
        method: 'GET',
        path: '/clients/{id}/explain',
        summary: 'Why a server, or one tool of it, is missing in this client: the first link that broke',
      })
      .input(
        clientById.extend({
          server: serverIdSchema,
          tool: z.string().max(200).optional().describe('As the server names it'),
        }),
      )
      .output(explanationSchema),
  },

  profiles: {
    list: oc
      .route({ method: 'GET', path: '/profiles', summary: 'All profiles, by id' })
      .output(z.object({ items: z.array(profileSchema) })),
    save: oc
      .route({ method: 'PUT', path: '/profiles/{id}', summary: 'Replace a profile; adds it when new' })
      .input(profileSchema)
      .output(profileSchema),
    remove: oc
      .route({ method: 'DELETE', path: '/profiles/{id}', summary: 'Refused while a client holds it' })
      .input(profileById)
      .output(z.object({ removed: z.boolean() })),
  },

  budget: {
    get: oc
      .route({
        method: 'GET',
        path: '/budget',
        summary: 'An estimate of the tokens that tool definitions take, and the use of each in the last 30 days',
      })
      .output(budgetSchema),
    switchOffUnused: oc
      .route({
        method: 'POST',
        path: '/profiles/{id}/switch-off-unused',
        summary: 'Switch off the tools that no client of the profile called in the last 30 days',
      })
      .input(profileById)
      .output(switchedOffSchema),
    undo: oc
      .route({
        method: 'POST',
        path: '/profiles/{id}/switch-back-on',
        summary: 'Switch on again what the last `switch-off-unused` switched off',
      })
      .input(profileById)
      .output(profileSchema),
  },
}
