import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  agentNameSchema,
  agentStateSchema,
  conversationMessageSchema,
  conversationSchema,
  conversationSummarySchema,
} from './agent.ts'
import { beforeSchema, limitSchema, pageOf } from './common.ts'

const conversationById = z.object({ id: z.uuid() })
const messagesSchema = z.array(conversationMessageSchema).max(1000)

/** What agents remember: a state each, and conversations. Whoever writes over a version that is not theirs is refused with 409. */
export const agentsContract = {
  agents: {
    state: oc
      .route({ method: 'GET', path: '/agents/{agent}/state', summary: 'What an agent keeps, and its version' })
      .input(z.object({ agent: agentNameSchema }))
      .output(agentStateSchema),
    putState: oc
      .route({
        method: 'PUT',
        path: '/agents/{agent}/state',
        summary: 'Replace it, if it still is the version that was read; else 409 with the one that stands as `current`',
      })
      .input(agentStateSchema.omit({ updated_at: true }))
      .output(agentStateSchema),
  },
  conversations: {
    create: oc
      .route({
        method: 'POST',
        path: '/conversations',
        successStatus: 201,
        summary: 'Begin a conversation of an agent',
      })
      .input(
        z.strictObject({
          agent: agentNameSchema,
          metadata: z.record(z.string(), z.unknown()).default({}),
          messages: messagesSchema.default([]),
        }),
      )
      .output(conversationSchema),
    list: oc
      .route({ method: 'GET', path: '/conversations', summary: 'Conversations without their messages, newest first' })
      .input(z.object({ agent: agentNameSchema.optional(), before: beforeSchema, limit: limitSchema }))
      .output(pageOf(conversationSummarySchema)),
    get: oc
      .route({ method: 'GET', path: '/conversations/{id}', summary: 'One conversation, whole' })
      .input(conversationById)
      .output(conversationSchema),
    append: oc
      .route({
        method: 'POST',
        path: '/conversations/{id}/messages',
        successStatus: 201,
        summary: 'Add messages at its end; with `version` only if that one still stands',
      })
      .input(conversationById.extend({ messages: messagesSchema.min(1), version: z.int().min(1).optional() }))
      .output(conversationSchema),
    remove: oc
      .route({ method: 'DELETE', path: '/conversations/{id}', summary: 'Remove it with its messages' })
      .input(conversationById)
      .output(z.object({ removed: z.literal(true) })),
  },
}
