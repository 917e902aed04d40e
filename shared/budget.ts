import { z } from 'zod'
import { clientIdSchema, profileIdSchema, profileSchema } from './client.ts'
import { timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

/** Over how many days the use of a tool is counted. */
export const usedWithinDays = 30

const toolCostSchema = z.object({
  name: z.string(),
  tokens: z.int(),
  calls: z.int().describe('By anybody, since `since`'),
  last_call_at: timeSchema.nullable().describe('Since `since`'),
})

const shareSchema = z.object({ tools: z.int(), tokens: z.int() })

/** What the definitions of tools take of a model's context. The number is an estimate: each model has its own tokens. */
export const budgetSchema = z.object({
  encoding: z.string().describe('The vocabulary that is counted with'),
  since: timeSchema.describe('Calls from then on count as use'),
  servers: z.array(
    shareSchema.extend({ server: serverIdSchema, list: z.array(toolCostSchema).describe("In the server's order") }),
  ),
  everything: shareSchema.describe('For the owner, and for clients without a profile'),
  clients: z.array(shareSchema.extend({ client: clientIdSchema })).describe('Without those that are revoked'),
  profiles: z.array(
    shareSchema.extend({
      profile: profileIdSchema,
      calls: z.int().describe('By its clients, since `since`'),
      unused: shareSchema.describe('Granted, and not called by its clients since `since`'),
      undoable: z.int().describe('Tools that `undo` would switch on again'),
    }),
  ),
})
export type Budget = z.infer<typeof budgetSchema>
export type ToolCost = z.infer<typeof toolCostSchema>

export const switchedOffSchema = z.object({
  profile: profileSchema,
  switched_off: z.array(z.object({ server: serverIdSchema, tools: z.array(z.string()) })),
})
export type SwitchedOff = z.infer<typeof switchedOffSchema>
