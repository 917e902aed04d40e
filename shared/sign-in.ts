import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

const shared = {
  server: serverIdSchema,
  failure: failureSchema.nullable().describe('How the last sign-in failed, or what ended it'),
}

/** How we stand with a remote server that has people sign in; tokens never leave the engine. */
export const signInSchema = z.discriminatedUnion('status', [
  z.object({ ...shared, status: z.literal('signed_out') }),
  z.object({
    ...shared,
    status: z.literal('waiting'),
    until: timeSchema.describe('When the open sign-in is given up'),
  }),
  z.object({
    ...shared,
    status: z.literal('signed_in'),
    issuer: z.string().describe('The authorization server that gave the tokens'),
    scope: z.string().nullable().describe('What was granted, separated by spaces'),
    since: timeSchema,
    missing_scope: z.string().nullable().describe('What the server asked for beyond that'),
  }),
])
export type SignInStatus = z.infer<typeof signInSchema>
