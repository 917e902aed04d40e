import { z } from 'zod'
import { failureSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

/** As it stands in `${secret:NAME}`. */
export const secretNameSchema = z
  .string()
  .regex(/^[\w.-]{1,128}$/, 'must be of letters, digits, dot, dash and underscore, 128 at most')

const secretSchema = z.object({
  name: z.string(),
  is_set: z.boolean().describe('False when servers ask for it and the vault does not hold it'),
  used_by: z.array(serverIdSchema).describe('Servers whose entries name it'),
})

/** Where secrets are kept, and whether they can be. */
const vaultSchema = z.object({
  keeper: z
    .enum(['system', 'key_file'])
    .nullable()
    .describe("Who holds the key of the seals: the system's key store, or a file of the home; null without a vault"),
  problem: failureSchema.nullable().describe('Why nothing can be stored or read now'),
})

/** Names and places only: a value goes in and never comes out. */
export const secretListSchema = z.object({ vault: vaultSchema, items: z.array(secretSchema) })
export type SecretList = z.infer<typeof secretListSchema>
