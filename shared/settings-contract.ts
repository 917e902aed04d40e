import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { timeSchema } from './common.ts'
import { settingsSchema, settingsStateSchema } from './settings.ts'

/** What one part of the store holds now. */
const heldSchema = z.object({
  count: z.int(),
  oldest_at: timeSchema.nullable(),
  bytes: z.int().describe('Of its file that are in use; what was removed is used again before the file grows'),
})
export type Held = z.infer<typeof heldSchema>

/** An absolute path on the machine that Signalbox runs on. */
const filePathSchema = z.string().min(1).max(4096)

const powerCutPriceSchema = z.object({
  call_ms: z.number().describe('What a call of a client waits longer, for two records; median, in milliseconds'),
  other_ms: z.number().describe('The same of a call from the page, the terminal, the API or a rule, for three records'),
  calls: z.int().describe('Calls of each kind that were recorded to measure it'),
})
export type PowerCutPrice = z.infer<typeof powerCutPriceSchema>

const exportKindSchema = z.enum(['tasks', 'logs'])
export type ExportKind = z.infer<typeof exportKindSchema>

/** Settings of the whole program, and what a person does with all that is kept. The owner alone may call these. */
export const settingsContract = {
  settings: {
    get: oc
      .route({ method: 'GET', path: '/settings', summary: 'The settings, and what is kept under them now' })
      .output(
        settingsStateSchema.extend({
          held: z.object({ tasks: heldSchema, logs: heldSchema }),
          backup_folder: z.string().describe('Where a backup or an export is proposed to go'),
        }),
      ),
    set: oc
      .route({ method: 'PATCH', path: '/settings', summary: 'Change some settings; the others stay' })
      .input(settingsSchema.partial())
      .output(settingsStateSchema),
    measurePowerCutPrice: oc
      .route({
        method: 'POST',
        path: '/settings/power-cut-price',
        summary: 'Measure in the home folder what surviving a power cut costs a call here',
      })
      .output(powerCutPriceSchema),
  },
  backups: {
    create: oc
      .route({ method: 'POST', path: '/backups', successStatus: 201, summary: 'Everything but secrets, in one file' })
      .input(z.object({ file: filePathSchema.describe('Absolute; must not exist') }))
      .output(z.object({ file: z.string(), bytes: z.int(), parts: z.array(z.string()) })),
    restore: oc
      .route({
        method: 'POST',
        path: '/backups/restore',
        summary: 'Check a backup, and have the next start put it in the place of what is here',
      })
      .input(z.object({ file: filePathSchema }))
      .output(z.object({ file: z.string(), made_at: timeSchema, parts: z.array(z.string()), is_own: z.boolean() })),
    cancelRestore: oc
      .route({ method: 'DELETE', path: '/backups/restore', summary: 'Leave everything as it is at the next start' })
      .output(z.object({ cancelled: z.boolean() })),
  },
  exports: {
    create: oc
      .route({
        method: 'POST',
        path: '/exports',
        successStatus: 201,
        summary: 'All tasks or log lines as NDJSON, newest first, in a file',
      })
      .input(z.object({ what: exportKindSchema, file: filePathSchema.describe('Absolute; must not exist') }))
      .output(z.object({ file: z.string(), lines: z.int() })),
    /** Pieces of NDJSON; `GET /api/v1/exports/{what}` sends them as one body. */
    stream: oc.input(z.object({ what: exportKindSchema })).output(eventIterator(z.object({ text: z.string() }))),
  },
}
