import { oc } from '@orpc/contract'
import { z } from 'zod'
import { failureSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

export const serverTemplates = ['typescript', 'python'] as const
export type ServerTemplate = (typeof serverTemplates)[number]

export const longestCustomName = 40
export const customNameSchema = z
  .string()
  .max(longestCustomName)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/)

const newServerSchema = z.object({
  name: z.string().max(200).describe('Lower case letters, digits and hyphens, a letter first'),
  template: z.enum(serverTemplates).default('typescript'),
  dir: z
    .string()
    .max(4000)
    .optional()
    .describe(
      'A folder that is empty or not there yet, absolute or with `~`; one of that name in your home unless told',
    ),
  start: z.boolean().default(false).describe('Get its packages and start it; otherwise that is left to you'),
})

const begunServerSchema = z.object({
  id: serverIdSchema,
  dir: z.string(),
  next: z.array(z.string()).describe('What is left to do, command by command, in the folder'),
  problem: failureSchema.nullable().describe('Why it was not started though that was asked for'),
})
export type BegunServer = z.infer<typeof begunServerSchema>

/** Servers of one's own. */
export const customContract = {
  custom: {
    begin: oc
      .route({
        method: 'POST',
        path: '/custom-servers',
        successStatus: 201,
        summary: 'Begin a server of your own: write it into a new folder, put it into mcp.json, and start it if told',
      })
      .input(newServerSchema)
      .output(begunServerSchema),
  },
}
