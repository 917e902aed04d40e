import { z } from 'zod'
import { timeSchema } from './common.ts'
import { runIdSchema, serverIdSchema } from './ids.ts'

/** From least to most. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export const logLevelSchema = z.enum(logLevels)
export type LogLevel = z.infer<typeof logLevelSchema>

/** `stdout` is what was not protocol there, `mcp` the server's log notifications, `supervisor` our own words about it. */
export const logStreamSchema = z.enum(['stderr', 'stdout', 'mcp', 'supervisor'])
export type LogStream = z.infer<typeof logStreamSchema>

export const logLineSchema = z.object({
  seq: z.int().describe('Rises over all servers in the order of arrival'),
  at: timeSchema,
  server: serverIdSchema,
  run_id: runIdSchema.nullable(),
  stream: logStreamSchema,
  level: logLevelSchema,
  level_guessed: z.boolean().describe('True when read off the text, false when the source named it'),
  text: z.string().describe('One line without its line end; may hold terminal escapes, never to be taken for markup'),
})
export type LogLine = z.infer<typeof logLineSchema>

/** What a live subscriber gets: at most 200 lines or 50 ms together. */
export const logBatchSchema = z.object({
  lines: z.array(logLineSchema),
  dropped: z.int().describe('Lines left out before these because the reader was slow'),
  lost: z.int().describe('Lines that came faster than the log could take them, since the batch before'),
})
export type LogBatch = z.infer<typeof logBatchSchema>
