import type { ServerId } from '../../shared/ids.ts'
import {
  type CallFigures,
  type GaugeName,
  type GaugeSeries,
  type MetricRange,
  metricRanges,
  type ToolFigures,
} from '../../shared/metrics-contract.ts'
import type { Server } from '../../shared/server.ts'

const tools: Readonly<Record<string, readonly string[]>> = {
  github: ['search_issues', 'get_pull_request', 'create_issue'],
  filesystem: ['read_file', 'list_directory', 'write_file'],
  postgres: ['query', 'list_tables'],
  'sqlite-notes': ['add_note', 'find_notes'],
}

/** Made-up charts: a working day with a bad quarter of an hour. */
export function fixtureMetrics(servers: () => readonly Server[]) {
  return {
    metrics: {
      calls: async ({ range = '1h', server, tool }: { range?: MetricRange; server?: string; tool?: string }) => {
        const span = spanOf(range)
        const share = (server === undefined ? 1 : 0.35) * (tool === undefined ? 1 : 0.4)
        const points = span.starts.map((at) => ({ at: timeOf(at), ...pointAt(at, span.stepS, share) }))
        const isCalled = servers().length > 0
        const none = { calls: 0, errors: 0, p50_ms: null, p95_ms: null }
        return {
          ...span.wire,
          total: isCalled ? totalOf(points) : none,
          points: isCalled ? points : points.map(({ at }) => ({ at, ...none })),
        }
      },
      tools: async ({ range = '1h' }: { range?: MetricRange }) => {
        const scale = metricRanges[range].rangeS / 900
        const rows =
          servers().length === 0
            ? []
            : Object.entries(tools).flatMap(([id, names], at) => toolRows(id, names, at, scale))
        return {
          servers: rows.filter(({ tool }) => tool === null),
          tools: rows.filter(({ tool }) => tool !== null),
          tools_total: 10,
        }
      },
      gauges: async ({ range = '1h' }: { range?: MetricRange }) => {
        const span = spanOf(range)
        const local = servers().filter(({ pid }) => pid !== null)
        const series: GaugeSeries[] = [
          ...local.flatMap(({ id }, index) => [
            gauge('memory_mb', id, span.starts, (at) => 60 + index * 38 + wave(at, index) * 24),
            gauge('cpu_percent', id, span.starts, (at) => 2 + index + wave(at, index + 3) * 9),
          ]),
          gauge('tasks_running', null, span.starts, (at) => Math.round(wave(at, 1) * 6)),
          gauge('tasks_queued', null, span.starts, (at) => Math.max(0, Math.round(wave(at, 2) * 9 - 5))),
          gauge('tasks_waiting', null, span.starts, (at) => Math.round(wave(at, 5) * 1.2)),
          gauge('gateway_in_flight', null, span.starts, (at) => Math.round(wave(at, 1) * 5)),
          gauge('gateway_sessions', null, span.starts, (at) => 2 + Math.round(wave(at, 7))),
        ]
        return { ...span.wire, series }
      },
      status: async () => ({
        is_on: false,
        has_token: false,
        traces: { is_on: false, sent: 0, lost: 0, last_failure: null },
      }),
      newToken: async () => ({ token: `sbm_${'fixture'.repeat(6)}-` }),
      revokeToken: async () => ({ revoked: true }),
    },
  }
}

function spanOf(range: MetricRange) {
  const { rangeS, stepS } = metricRanges[range]
  const until = (Math.floor(Date.now() / 1000 / stepS) + 1) * stepS
  const starts = Array.from({ length: rangeS / stepS }, (_, index) => until - rangeS + index * stepS)
  return { stepS, starts, wire: { from: timeOf(until - rangeS), until: timeOf(until), step_s: stepS } }
}

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** Between 0 and 1, the same for the same time. */
function wave(at: number, seed: number): number {
  const noise = Math.abs(Math.sin(at * 0.013 + seed * 7.1) * 43_758.5453) % 1
  return 0.5 + 0.3 * Math.sin(at / (900 + seed * 130)) + 0.2 * (noise - 0.5)
}

function pointAt(at: number, stepS: number, share: number): CallFigures {
  const calls = Math.round(wave(at, 0) * share * (stepS / 60) * 22)
  const isBad = Math.floor(at / stepS) % 41 < 3
  const errors = Math.round(calls * (isBad ? 0.3 : 0.012))
  if (calls === 0) return { calls, errors, p50_ms: null, p95_ms: null }
  return { calls, errors, p50_ms: 60 + wave(at, 4) * 90, p95_ms: 300 + wave(at, 6) * 700 + (isBad ? 1800 : 0) }
}

function totalOf(points: readonly CallFigures[]): CallFigures {
  const calls = points.reduce((sum, point) => sum + point.calls, 0)
  const errors = points.reduce((sum, point) => sum + point.errors, 0)
  return { calls, errors, p50_ms: 104.2, p95_ms: 861.7 }
}

function toolRows(id: string, names: readonly string[], at: number, scale: number): ToolFigures[] {
  const server = id as ServerId
  const rows = names.map((tool, index) => {
    const calls = Math.round((scale * 96) / (index + 1) / (at + 1))
    return {
      server,
      tool,
      calls,
      errors: at === 2 ? Math.round(calls * 0.06) : 0,
      p50_ms: 40 + at * 70,
      p95_ms: 210 + at * 640,
    }
  })
  const calls = rows.reduce((sum, row) => sum + row.calls, 0)
  const errors = rows.reduce((sum, row) => sum + row.errors, 0)
  return [{ server, tool: null, calls, errors, p50_ms: 44 + at * 70, p95_ms: 260 + at * 640 }, ...rows]
}

function gauge(
  name: GaugeName,
  server: ServerId | null,
  starts: readonly number[],
  value: (at: number) => number,
): GaugeSeries {
  return {
    name,
    server,
    points: starts.map((at) => {
      const mean = Math.round(value(at) * 100) / 100
      return { at: timeOf(at), mean, max: mean }
    }),
  }
}
