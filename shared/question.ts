import { z } from 'zod'
import { timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

/** A question of a server that no client can be asked with certainty, so that the person at Signalbox is. */
export const questionSchema = z.object({
  id: z.uuid(),
  server: serverIdSchema,
  method: z.enum(['elicitation/create', 'sampling/createMessage', 'roots/list']),
  params: z.record(z.string(), z.unknown()).describe('As the server sent them'),
  origins: z.array(z.string()).describe('Who may have caused it: the origins of the calls in flight; none: nobody'),
  asked_at: timeSchema,
  expires_at: timeSchema.describe('When it counts as not answered'),
})
export type Question = z.infer<typeof questionSchema>

export const questionAnswerSchema = z.discriminatedUnion('kind', [
  /** For `elicitation/create`: the values of its form; none where it named an address. */
  z.object({ kind: z.literal('accept'), content: z.record(z.string(), z.unknown()).optional() }),
  /** For `sampling/createMessage`: what stands for the model's words. */
  z.object({ kind: z.literal('text'), text: z.string().min(1).max(100_000) }),
  /** For `roots/list`: folders, as `file:` addresses. */
  z.object({ kind: z.literal('roots'), uris: z.array(z.url({ protocol: /^file$/ })).max(100) }),
  /** For any: the person does not want to answer. */
  z.object({ kind: z.literal('decline') }),
])
export type QuestionAnswer = z.infer<typeof questionAnswerSchema>
