import type { ImplementerInternalWithMiddlewares } from '@orpc/server'
import { AppError } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import {
  type CallFigures,
  type GaugePointOnWire,
  type GaugeSeries,
  type MetricSpan,
  metricRanges,
  type metricsContract,
  type ToolFigures,
} from '../../shared/metrics-contract.ts'
import type { CallContext } from '../router.ts'
import type { GaugePoint, WindowSpan } from '../store/metrics-repo.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from './metrics.ts'

type Routes = ImplementerInternalWithMiddlewares<typeof metricsContract, CallContext, CallContext>

/** Ranges beyond it are read from windows of an hour: those of a minute are not kept for longer. */
const longestByMinuteS = 86_400
const mostToolsShown = 200

/** The charts' data and the token for `/metrics`: `metricsContract`, a line a procedure. */
export function metricsRoutes(
  os: Pick<Routes, keyof typeof metricsContract>,
  { store: { metrics: repo }, metrics }: { store: Pick<Store, 'metrics'>; metrics: Metrics },
) {
  return {
    metrics: {
      calls: os.metrics.calls.handler(async ({ input }) => {
        const span = windowSpan(input)
        const { total, points } = await repo.calls(span, { server: input.server, tool: input.tool })
        const known = new Map(points.map(({ at, ...figures }) => [at, figures]))
        return {
          ...wireSpan(span),
          total,
          points: startsOf(span).map((at) => ({ at: wireTime(at), ...(known.get(at) ?? noCalls) })),
        }
      }),
      tools: os.metrics.tools.handler(async ({ input }) => {
        const rows = (await repo.tools(windowSpan(input))) as ToolFigures[]
        const tools = rows.filter(({ tool }) => tool !== null)
        const servers = rows.filter(({ tool }) => tool === null)
        return { servers, tools: tools.slice(0, mostToolsShown), tools_total: tools.length }
      }),
      gauges: os.metrics.gauges.handler(async ({ input }) => {
        await metrics.sampled()
        const span = windowSpan(input)
        return { ...wireSpan(span), series: gaugeSeries(span, await repo.gauges(span)) }
      }),
      status: os.metrics.status.handler(() => metrics.status),
      newToken: os.metrics.newToken.handler(async () => ({ token: await metrics.newToken() })),
      revokeToken: os.metrics.revokeToken.handler(async () => ({ revoked: await metrics.revokeToken() })),
    },
  }
}

const noCalls: CallFigures = { calls: 0, errors: 0, p50_ms: null, p95_ms: null }

/** Whole steps of UTC, the last of which is the one that has not ended. @throws AppError `invalid_step` (400). */
function windowSpan({ range, step_s }: MetricSpan): WindowSpan {
  const { rangeS, stepS } = metricRanges[range]
  const window = rangeS > longestByMinuteS ? 3600 : 60
  const step = step_s ?? stepS
  if (step % window !== 0 || rangeS % step !== 0) {
    throw new AppError('invalid_step', `A range of ${range} cannot be shown in steps of ${step} s.`, {
      status: 400,
      hint: `Use a multiple of ${window} that divides ${rangeS}, or leave step_s out.`,
    })
  }
  const until = (Math.floor(Date.now() / 1000 / step) + 1) * step
  return { from: until - rangeS, until, step, window }
}

function startsOf({ from, until, step }: WindowSpan): number[] {
  return Array.from({ length: (until - from) / step }, (_, index) => from + index * step)
}

function gaugeSeries(span: WindowSpan, points: readonly GaugePoint[]): GaugeSeries[] {
  const starts = startsOf(span)
  const grouped = Map.groupBy(points, ({ name, server }) => JSON.stringify([name, server]))
  return [...grouped.values()].map((group) => {
    const { name, server } = group[0]!
    const known = new Map(group.map((point) => [point.at, point]))
    return {
      name,
      server: server === '' ? null : (server as ServerId),
      points: starts.map((at) => ({ at: wireTime(at), ...pointOf(known.get(at)) })),
    }
  })
}

function pointOf(point: GaugePoint | undefined): Omit<GaugePointOnWire, 'at'> {
  if (point === undefined) return { mean: null, max: null }
  return { mean: Math.round((point.total / point.samples) * 100) / 100, max: Math.round(point.most * 100) / 100 }
}

function wireSpan({ from, until, step }: WindowSpan) {
  return { from: wireTime(from), until: wireTime(until), step_s: step }
}

const wireTime = (atS: number): string => new Date(atS * 1000).toISOString()
