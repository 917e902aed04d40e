import { oc } from '@orpc/contract'
import { z } from 'zod'
import { timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'

/** How far back a chart looks; the step is the width of one point. */
export const metricRanges = {
  '15m': { rangeS: 900, stepS: 60 },
  '1h': { rangeS: 3600, stepS: 60 },
  '6h': { rangeS: 6 * 3600, stepS: 300 },
  '24h': { rangeS: 24 * 3600, stepS: 900 },
  '7d': { rangeS: 7 * 86_400, stepS: 3600 },
  '30d': { rangeS: 30 * 86_400, stepS: 6 * 3600 },
} as const
export type MetricRange = keyof typeof metricRanges
export const metricRangeNames = Object.keys(metricRanges) as [MetricRange, ...MetricRange[]]

/** Sampled four times a minute. Those of `memory_mb` and `cpu_percent` are of one server, the others of the whole. */
export const gaugeNames = [
  'memory_mb',
  'cpu_percent',
  'tasks_queued',
  'tasks_running',
  'tasks_waiting',
  'gateway_in_flight',
  'gateway_sessions',
  'engine_memory_mb',
] as const
export type GaugeName = (typeof gaugeNames)[number]

const spanSchema = z.object({
  range: z.enum(metricRangeNames).default('1h').describe('How far back, ending now'),
  step_s: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .optional()
    .describe('Width of a point in seconds: whole minutes, whole hours where the range is over two days'),
})
export type MetricSpan = z.infer<typeof spanSchema>

const figuresSchema = z.object({
  calls: z.int().describe('Tasks that ended'),
  errors: z.int().describe('Of these failed, timed out or were interrupted'),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
})
export type CallFigures = z.infer<typeof figuresSchema>

const spannedSchema = z.object({ from: timeSchema, until: timeSchema, step_s: z.int() })

const callSeriesSchema = spannedSchema.extend({
  total: figuresSchema,
  points: z.array(figuresSchema.extend({ at: timeSchema })).describe('One a step, the oldest first, none left out'),
})

const toolFiguresSchema = figuresSchema.extend({
  server: serverIdSchema,
  tool: z.string().nullable().describe('Null: the server with all its tools. `other`: those beyond 500 in one minute'),
})
export type ToolFigures = z.infer<typeof toolFiguresSchema>

const gaugePointSchema = z.object({ at: timeSchema, mean: z.number().nullable(), max: z.number().nullable() })
export type GaugePointOnWire = z.infer<typeof gaugePointSchema>

const gaugeSeriesSchema = z.object({
  name: z.enum(gaugeNames),
  server: serverIdSchema.nullable(),
  points: z.array(gaugePointSchema).describe('One a step; null where nothing was looked at'),
})
export type GaugeSeries = z.infer<typeof gaugeSeriesSchema>

const tracesStatusSchema = z.object({
  is_on: z.boolean().describe('Whether the setting `traces_endpoint` names a collector'),
  sent: z.int().describe('Spans that the collector has taken since the start'),
  lost: z.int().describe('Spans that it has not'),
  last_failure: z.object({ at: timeSchema, message: z.string() }).nullable().describe('Null once it took some again'),
})
export type TracesStatus = z.infer<typeof tracesStatusSchema>

const metricsStatusSchema = z.object({
  is_on: z.boolean().describe('The setting `metrics_endpoint`'),
  has_token: z.boolean().describe('Whether there is a token for it besides that of the owner'),
  traces: tracesStatusSchema,
})
export type MetricsStatus = z.infer<typeof metricsStatusSchema>

/** What the charts show: windows of a minute and of an hour that are kept in the store, so that they survive a restart. */
export const metricsContract = {
  metrics: {
    calls: oc
      .route({ method: 'GET', path: '/metrics/calls', summary: 'Calls, errors and latency over time' })
      .input(
        spanSchema.extend({
          server: serverIdSchema.optional(),
          tool: z.string().max(500).optional().describe('Of that server'),
        }),
      )
      .output(callSeriesSchema),
    tools: oc
      .route({ method: 'GET', path: '/metrics/tools', summary: 'The same by server and by tool, the busiest first' })
      .input(spanSchema.pick({ range: true }))
      .output(
        z.object({
          servers: z.array(toolFiguresSchema),
          tools: z.array(toolFiguresSchema).describe('At most 200'),
          tools_total: z.int(),
        }),
      ),
    gauges: oc
      .route({ method: 'GET', path: '/metrics/gauges', summary: 'Memory, processor, queue and gateway over time' })
      .input(spanSchema)
      .output(spannedSchema.extend({ series: z.array(gaugeSeriesSchema) })),
    status: oc
      .route({ method: 'GET', path: '/metrics/status', summary: 'Whether `/metrics` and traces are on' })
      .output(metricsStatusSchema),
    newToken: oc
      .route({
        method: 'POST',
        path: '/metrics/token',
        successStatus: 201,
        summary: 'A token that reads `/metrics` and nothing else, shown once; the one before ends',
      })
      .output(z.object({ token: z.string() })),
    revokeToken: oc
      .route({ method: 'DELETE', path: '/metrics/token', summary: 'End the token for `/metrics`' })
      .output(z.object({ revoked: z.boolean() })),
  },
}
