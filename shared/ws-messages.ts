import { z } from 'zod'
import { failureSchema, timeSchema } from './common.ts'
import { taskIdSchema } from './ids.ts'
import { newTaskSchema, taskErrorSchema, taskEventSchema, taskStatusSchema } from './task.ts'

/**
 * What is said on `GET /ws/{client_id}`: one JSON object a text message, told apart by `type`. Topics: `tasks`, `tasks.<id>`,
 * `servers`, `servers.<id>.logs`, `events.<name>`.
 */
const topicSchema = z.string().min(1).max(300)

/** How many topics one connection may follow. */
export const mostSubscriptions = 64

/** Chosen by who asks, and comes back with every answer to it. */
const requestIdSchema = z.union([z.string().min(1).max(100), z.int()])
export type RequestId = z.infer<typeof requestIdSchema>

const request = {
  id: requestIdSchema.optional(),
  payload: newTaskSchema,
  _meta: z
    .object({
      traceparent: z.string().optional(),
      tracestate: z.string().optional(),
      baggage: z.string().optional(),
    })
    .optional()
    .describe('The place in a trace of who asks, as in MCP'),
}

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('subscribe'), topic: topicSchema }),
  z.strictObject({ type: z.literal('unsubscribe'), topic: topicSchema }),
  z
    .strictObject({
      type: z.literal('resume'),
      epoch: z.uuid().describe('From the `welcome` of the connection before'),
      topics: z
        .record(topicSchema, z.int().min(0))
        .refine((topics) => Object.keys(topics).length <= mostSubscriptions, `at most ${mostSubscriptions} topics`)
        .describe('The last `seq` seen of each topic'),
    })
    .describe('Subscribes, and first gets what came since'),
  z.strictObject({ type: z.literal('agent_request'), ...request }),
  z.strictObject({ type: z.literal('stream_request'), ...request }),
  z.strictObject({ type: z.literal('cancel'), id: requestIdSchema }).describe('Cancels the task of an open request'),
  z.strictObject({ type: z.literal('ping'), id: requestIdSchema.optional() }),
])
export type ClientMessage = z.infer<typeof clientMessageSchema>

const outcome = {
  id: requestIdSchema.optional(),
  task_id: taskIdSchema,
  status: taskStatusSchema,
  result: z.unknown().optional().describe('The MCP result, where the tool answered'),
  error: taskErrorSchema.optional(),
}

export const serverMessageSchema = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('welcome'),
      client_id: z.string(),
      epoch: z.uuid().describe('Names one life of the program: numbers of another epoch mean nothing'),
      heartbeat_s: z.number().describe('Seconds between two pings; who answers none until the next is cut off'),
      limits: z.object({
        message_bytes: z.int(),
        subscriptions: z.int(),
        open_requests: z.int(),
        kept_messages: z.int().describe('At most so many of a topic are kept for who is slow or comes back'),
      }),
    })
    .describe('The first message'),
  z.object({
    type: z.literal('subscribed'),
    topic: topicSchema,
    seq: z.int().describe('Number of the last message before those that follow'),
  }),
  z.object({
    type: z.literal('unsubscribed'),
    topic: topicSchema,
    reason: z.enum(['asked', 'ended']).describe('`ended`: nothing more will ever come of it'),
  }),
  z.object({
    type: z.literal('event'),
    topic: topicSchema,
    seq: z.int().describe('Rises by one within the topic; where it does not, a gap was told before'),
    at: timeSchema,
    data: z.unknown(),
  }),
  z
    .object({
      type: z.literal('gap'),
      topic: topicSchema,
      from: z.int().describe('Number of the first message that is missing'),
      to: z.int().nullable().describe('And of the last; null where the epoch is another'),
      missed: z.int().nullable().describe('How many; null where nobody counted'),
      reason: z
        .enum(['slow', 'too_old', 'restarted'])
        .describe('The reader was slow; nobody keeps so old ones; the program was started anew'),
    })
    .describe('Messages are missing here and will not come'),
  z.object({ type: z.literal('agent_response'), ...outcome }),
  z.object({
    type: z.literal('stream_chunk'),
    id: requestIdSchema.optional(),
    task_id: taskIdSchema,
    chunk: taskEventSchema,
  }),
  z.object({ type: z.literal('stream_end'), ...outcome }),
  failureSchema
    .extend({
      type: z.literal('error'),
      id: requestIdSchema.optional().describe('The request that failed'),
      topic: topicSchema.optional().describe('The topic that it is about'),
      issues: z
        .array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
        .optional()
        .describe('Where the message does not fit its schema'),
    })
    .describe('One message was refused; the connection goes on'),
  z.object({ type: z.literal('pong'), id: requestIdSchema.optional() }),
])
export type ServerMessage = z.infer<typeof serverMessageSchema>
