import { z } from 'zod'
import { timeSchema } from './common.ts'

/** Any name: an agent here is whoever its users say it is, and needs no server. */
export const agentNameSchema = z
  .string()
  .min(1)
  .max(255)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not hold control characters')

const freeFormSchema = z.record(z.string(), z.unknown())

export const agentStateSchema = z.object({
  agent: agentNameSchema,
  state: freeFormSchema,
  version: z.int().min(0).describe('Rises by one with each write; 0: nothing was ever written'),
  updated_at: timeSchema.nullable(),
})
export type AgentState = z.infer<typeof agentStateSchema>

export const conversationMessageSchema = z
  .looseObject({
    role: z.string().min(1).max(100).describe('`user`, `assistant`, `system`, `tool` …'),
    content: z.unknown().describe('Text, or blocks as the agent has them'),
  })
  .describe('Further members are kept')

export const conversationSummarySchema = z.object({
  id: z.uuid(),
  agent: agentNameSchema,
  metadata: freeFormSchema,
  message_count: z.int(),
  version: z.int().describe('Rises by one with each write, from 1'),
  created_at: timeSchema,
  updated_at: timeSchema,
})
export type ConversationSummary = z.infer<typeof conversationSummarySchema>

export const conversationSchema = conversationSummarySchema
  .omit({ message_count: true })
  .extend({ messages: z.array(conversationMessageSchema) })
export type Conversation = z.infer<typeof conversationSchema>
