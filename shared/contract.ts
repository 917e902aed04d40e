import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { agentsContract } from './agents-contract.ts'
import { approvalsContract } from './approvals-contract.ts'
import { callbacksContract } from './callbacks-contract.ts'
import { clientsContract } from './clients-contract.ts'
import { beforeSchema, limitSchema, oneOrMore, pageOf, timeSchema } from './common.ts'
import { connectContract } from './connect-contract.ts'
import { consentSchema } from './consent.ts'
import { conversionSchema } from './conversion.ts'
import { customContract } from './custom-contract.ts'
import { doctorContract } from './doctor-contract.ts'
import { exportContract } from './export-contract.ts'
import { askedTaskIdSchema, serverIdSchema, taskIdSchema } from './ids.ts'
import { candidateSchema, importScanSchema } from './import.ts'
import { limitsContract } from './limits-contract.ts'
import { logBatchSchema, logLevelSchema, logLineSchema, logStreamSchema } from './log.ts'
import { metricsContract } from './metrics-contract.ts'
import { questionsContract } from './questions-contract.ts'
import { rulesContract } from './rules-contract.ts'
import { secretListSchema, secretNameSchema } from './secret.ts'
import {
  effectiveLaunchSchema,
  promptSchema,
  resourceSchema,
  resourceTemplateSchema,
  searchPathSchema,
  serverSchema,
  toolSchema,
} from './server.ts'
import { serverHistoryContract } from './server-history-contract.ts'
import { settingsContract } from './settings-contract.ts'
import { signInContract } from './sign-in-contract.ts'
import { attentionItemSchema, snapshotSchema, streamMessageSchema } from './snapshot.ts'
import {
  originSchema,
  taskEventSchema,
  taskRequestSchema,
  taskSchema,
  taskStatusSchema,
  taskSummarySchema,
} from './task.ts'
import { usageSampleSchema } from './usage.ts'
import { webhooksContract } from './webhooks-contract.ts'

const serverById = z.object({ id: serverIdSchema })
const taskById = z.object({ task_id: askedTaskIdSchema })

const waitSeconds = z.coerce.number().min(0).max(600).default(0)
const startOrStop = z.object({ id: serverIdSchema, wait_s: waitSeconds })

export const taskFilterSchema = z.object({
  status: oneOrMore(taskStatusSchema),
  agent: oneOrMore(serverIdSchema),
  action: oneOrMore(z.string()),
  origin: oneOrMore(originSchema),
  since: timeSchema.optional(),
  until: timeSchema.optional(),
  q: z.string().max(500).optional().describe('Text in the tool, the parameters, the result or the error'),
})
export type TaskFilter = z.infer<typeof taskFilterSchema>

export const logFilterSchema = z.object({
  server: oneOrMore(serverIdSchema),
  level: logLevelSchema.optional().describe('The least level shown'),
  stream: oneOrMore(logStreamSchema),
  q: z.string().max(500).optional().describe('A substring of the line, any case'),
  since: timeSchema.optional(),
  until: timeSchema.optional(),
})
export type LogFilter = z.infer<typeof logFilterSchema>

const facetSchema = z.array(z.object({ value: z.string(), count: z.int() }))

/**
 * Every procedure of the engine, once. The same router serves a MessagePort (desktop), a WebSocket (`/rpc`) and
 * REST (`/api/v1`, where a route has a path). Field names are snake_case, times RFC 3339 in UTC.
 */
export const contract = {
  ...settingsContract,
  app: {
    events: oc
      .input(z.object({ epoch: z.uuid().optional(), after: z.int().optional() }))
      .output(eventIterator(streamMessageSchema)),
    snapshot: oc
      .route({ method: 'GET', path: '/snapshot', summary: 'Everything that a face shows' })
      .output(snapshotSchema),
    searchPath: oc
      .route({ method: 'GET', path: '/search-path', summary: 'Where commands are looked for beyond our own PATH' })
      .output(searchPathSchema),
    detectSearchPath: oc
      .route({ method: 'POST', path: '/search-path/detect', summary: 'Ask the login shell for its PATH anew' })
      .output(searchPathSchema),
    /** The same document as `/api/v1/openapi.json`, for the page on every face. */
    openApi: oc.output(z.record(z.string(), z.unknown())),
    attention: oc
      .route({ method: 'GET', path: '/attention', summary: 'What needs a person, worst first' })
      .output(z.object({ items: z.array(attentionItemSchema) })),
  },

  servers: {
    list: oc
      .route({ method: 'GET', path: '/servers', summary: 'All servers in their order' })
      .output(pageOf(serverSchema)),
    get: oc
      .route({ method: 'GET', path: '/servers/{id}', summary: 'One server' })
      .input(serverById)
      .output(serverSchema),
    start: oc
      .route({ method: 'POST', path: '/servers/{id}/start', successStatus: 202, summary: 'Wish it on; start it now' })
      .input(startOrStop)
      .output(serverSchema),
    stop: oc
      .route({
        method: 'POST',
        path: '/servers/{id}/stop',
        successStatus: 202,
        summary: 'Wish it off; a second call forces it',
      })
      .input(startOrStop)
      .output(serverSchema),
    restart: oc
      .route({ method: 'POST', path: '/servers/{id}/restart', successStatus: 202, summary: 'Stop, then start' })
      .input(startOrStop)
      .output(serverSchema),
    consent: oc
      .route({
        method: 'GET',
        path: '/servers/{id}/consent',
        summary: 'What would run now, beside what was agreed to',
      })
      .input(serverById)
      .output(consentSchema),
    approve: oc
      .route({
        method: 'POST',
        path: '/servers/{id}/approve',
        successStatus: 202,
        summary: 'Agree to what stands now; starts it when only that was missing',
      })
      .input(
        startOrStop.extend({
          seen: z.string().optional().describe('From `consent`: refuses with `consent_stale` when it changed since'),
        }),
      )
      .output(serverSchema),
    tools: oc
      .route({
        method: 'GET',
        path: '/servers/{id}/tools',
        summary: 'Tools as the server gave them, last known while it is off',
      })
      .input(serverById)
      .output(z.object({ items: z.array(toolSchema) })),
    resources: oc
      .route({ method: 'GET', path: '/servers/{id}/resources', summary: 'Resources as the server gave them' })
      .input(serverById)
      .output(z.object({ items: z.array(resourceSchema) })),
    resourceTemplates: oc
      .route({
        method: 'GET',
        path: '/servers/{id}/resource-templates',
        summary: 'Resource templates as the server gave them',
      })
      .input(serverById)
      .output(z.object({ items: z.array(resourceTemplateSchema) })),
    prompts: oc
      .route({ method: 'GET', path: '/servers/{id}/prompts', summary: 'Prompts as the server gave them' })
      .input(serverById)
      .output(z.object({ items: z.array(promptSchema) })),
    conversion: oc
      .route({
        method: 'GET',
        path: '/servers/{id}/conversion',
        summary: 'Whether its npx entry can become a managed install',
      })
      .input(serverById)
      .output(conversionSchema),
    convert: oc
      .route({
        method: 'POST',
        path: '/servers/{id}/convert',
        summary: 'Install its package once and run that; the entry is kept for the way back',
      })
      .input(serverById)
      .output(serverSchema),
    revert: oc
      .route({ method: 'POST', path: '/servers/{id}/revert', summary: 'Take a converted entry back to npx' })
      .input(serverById)
      .output(serverSchema),
    usage: oc
      .route({ method: 'GET', path: '/usage', summary: 'Processor and memory of each running server, last 10 minutes' })
      .output(z.object({ samples: z.array(usageSampleSchema) })),
    followUsage: oc.output(eventIterator(z.object({ samples: z.array(usageSampleSchema) }))),
    ...serverHistoryContract,
    config: oc
      .route({
        method: 'GET',
        path: '/servers/{id}/config',
        summary: 'Its entry in mcp.json, and how that is really launched',
      })
      .input(serverById)
      .output(
        z.object({
          entry: z.record(z.string(), z.unknown()),
          launch: effectiveLaunchSchema.nullable().describe('null for a remote server, or while it cannot be resolved'),
          problem: z.string().nullable(),
        }),
      ),
    saveConfig: oc
      .route({
        method: 'PUT',
        path: '/servers/{id}/config',
        summary: 'Replace its entry in mcp.json; adds it when new',
      })
      .input(z.object({ id: serverIdSchema, entry: z.record(z.string(), z.unknown()) }))
      .output(serverSchema),
    remove: oc
      .route({
        method: 'DELETE',
        path: '/servers/{id}',
        summary: 'Stop it and take it out of mcp.json; its tasks and log stay',
      })
      .input(serverById)
      .output(z.object({ removed: z.boolean() })),
  },

  imports: {
    scan: oc
      .route({
        method: 'GET',
        path: '/imports/scan',
        summary: 'Servers in the files of other programs; nothing is changed',
      })
      .output(importScanSchema),
    read: oc
      .route({
        method: 'POST',
        path: '/imports/read',
        summary: 'Candidates in a pasted text: JSON, JSONC, TOML or YAML',
      })
      .input(
        z.object({
          text: z.string().max(4_000_000),
          name: z.string().max(500).optional().describe('File name, a help to tell the format'),
        }),
      )
      .output(z.object({ candidates: z.array(candidateSchema) })),
    run: oc
      .route({
        method: 'POST',
        path: '/imports',
        successStatus: 202,
        summary: 'Copy candidates into mcp.json and start them',
      })
      .input(
        z.object({
          picks: z
            .array(z.object({ id: serverIdSchema, entry: z.record(z.string(), z.unknown()) }))
            .min(1)
            .max(500),
          start: z.boolean().default(true),
          move_secrets: z
            .boolean()
            .default(false)
            .describe('Put secrets that stand in plain text into the vault, and their names in their place'),
        }),
      )
      .output(z.object({ servers: z.array(serverSchema) })),
  },

  secrets: {
    list: oc
      .route({
        method: 'GET',
        path: '/secrets',
        summary: 'Names of secrets and where they are used; never their values',
      })
      .output(secretListSchema),
    set: oc
      .route({ method: 'PUT', path: '/secrets/{name}', summary: 'Store a secret, or replace it' })
      .input(z.object({ name: secretNameSchema, value: z.string().min(1).max(65_536) }))
      .output(
        z.object({
          name: z.string(),
          restart: z.array(serverIdSchema).describe('Servers that run with the old value until they are restarted'),
        }),
      ),
    delete: oc
      .route({ method: 'DELETE', path: '/secrets/{name}', summary: 'Forget a secret' })
      .input(z.object({ name: secretNameSchema }))
      .output(z.object({ name: z.string() })),
  },

  signIn: signInContract,

  tasks: {
    create: oc
      .route({ method: 'POST', path: '/tasks', successStatus: 202, summary: 'Call a tool; the call is a task' })
      .input(taskRequestSchema)
      .output(z.object({ task_id: taskIdSchema, status: taskStatusSchema })),
    rerun: oc
      .route({
        method: 'POST',
        path: '/tasks/{task_id}/rerun',
        successStatus: 202,
        summary: 'The same call once more, as a new task',
      })
      .input(taskById)
      .output(z.object({ task_id: taskIdSchema, status: taskStatusSchema })),
    list: oc
      .route({ method: 'GET', path: '/tasks', summary: 'Tasks without their bodies, newest first' })
      .input(taskFilterSchema.extend({ before: beforeSchema, limit: limitSchema }))
      .output(pageOf(taskSummarySchema)),
    facets: oc
      .route({
        method: 'GET',
        path: '/tasks/facets',
        summary: 'Counts under a filter, each facet without its own part of it',
      })
      .input(taskFilterSchema)
      .output(
        z.object({ total: z.int(), status: facetSchema, agent: facetSchema, action: facetSchema, origin: facetSchema }),
      ),
    get: oc
      .route({ method: 'GET', path: '/tasks/{task_id}', summary: 'One task, whole' })
      .input(taskById)
      .output(taskSchema),
    cancel: oc
      .route({ method: 'DELETE', path: '/tasks/{task_id}', successStatus: 202, summary: 'Cancel it' })
      .input(taskById)
      .output(z.object({ task_id: taskIdSchema, status: taskStatusSchema })),
    events: oc
      .route({
        method: 'GET',
        path: '/tasks/{task_id}/events',
        summary: 'Its time line; a stream with `Accept: text/event-stream`',
      })
      .input(taskById)
      .output(z.object({ items: z.array(taskEventSchema) })),
    follow: oc
      .input(taskById.extend({ after: z.int().default(0).describe('Number of the last event already seen') }))
      .output(eventIterator(z.object({ events: z.array(taskEventSchema), task: taskSummarySchema }))),
    logs: oc
      .route({ method: 'GET', path: '/tasks/{task_id}/logs', summary: "The server's log lines of its time span" })
      .input(taskById)
      .output(z.object({ items: z.array(logLineSchema) })),
  },

  logs: {
    list: oc
      .route({ method: 'GET', path: '/logs', summary: 'Log lines, newest first' })
      .input(logFilterSchema.extend({ before: beforeSchema, limit: limitSchema }))
      .output(pageOf(logLineSchema)),
    tail: oc
      .input(
        logFilterSchema
          .omit({ since: true, until: true })
          .extend({ after: z.int().optional().describe('Last `seq` already seen') }),
      )
      .output(eventIterator(logBatchSchema)),
    overview: oc
      .route({ method: 'GET', path: '/logs/overview', summary: 'Counts per server and over time' })
      .input(z.object({ since: timeSchema.optional(), until: timeSchema.optional() }))
      .output(
        z.object({
          total: z.int(),
          servers: z.array(
            z.object({
              server: serverIdSchema,
              lines: z.int(),
              dropped: z.int().describe('Lines that came faster than the log could take them'),
              last_at: timeSchema.nullable(),
            }),
          ),
          minutes: z
            .array(z.object({ at: timeSchema, lines: z.int(), warnings: z.int(), errors: z.int() }))
            .describe('One entry a minute that has lines, oldest first'),
        }),
      ),
  },

  connect: connectContract,
  export: exportContract,
  questions: questionsContract,
  ...clientsContract,
  ...limitsContract,
  ...approvalsContract,
  ...callbacksContract,
  ...agentsContract,
  ...rulesContract,
  ...webhooksContract,
  ...metricsContract,
  ...doctorContract,
  ...customContract,
}
