import type { CallFigures, GaugeName } from '../../shared/metrics-contract.ts'
import { addLatencies, type LatencyCounts, latencyQuantile } from '../metrics/latency-buckets.ts'
import { windowSteps } from './call-windows.ts'
import type { Sqlite } from './sqlite.ts'

/** Whole windows from `from` on, up to `until`, which is left out. Seconds since 1970. */
export interface WindowSpan {
  from: number
  until: number
  /** Of a point: a multiple of `window`. */
  step: number
  /** Which windows are read: 60 or 3600. */
  window: (typeof windowSteps)[number]
}

export interface GaugeSample {
  name: GaugeName
  /** Empty for the whole program. */
  server: string
  samples: number
  total: number
  most: number
}

export interface GaugePoint extends GaugeSample {
  at: number
}

export interface MetricsRepo {
  /** Points that have calls, the oldest first, and all of them together. */
  calls(
    span: WindowSpan,
    of: { server?: string | undefined; tool?: string | undefined },
  ): Promise<{ total: CallFigures; points: (CallFigures & { at: number })[] }>
  tools(span: Omit<WindowSpan, 'step'>): Promise<(CallFigures & { server: string; tool: string | null })[]>
  /** Adds what was sampled in one minute. */
  addGauges(atS: number, samples: GaugeSample[]): Promise<void>
  gauges(span: WindowSpan): Promise<GaugePoint[]>
  /** Removes windows of a minute and of an hour that began earlier, one small step; how many went. */
  prune(before: { minutesS: number; hoursS: number }): Promise<number>
}

interface CallRow {
  at: number
  server: string
  tool: string
  calls: number
  errors: number
  max_ms: number
  latency: string
}

const pruneStep = 2_000

export class SqlMetricsRepo implements MetricsRepo {
  readonly #sqlite: Sqlite

  constructor(sqlite: Sqlite) {
    this.#sqlite = sqlite
  }

  async calls(
    { from, until, step, window }: WindowSpan,
    { server, tool }: { server?: string | undefined; tool?: string | undefined },
  ) {
    const rows = this.#rows({ from, until, window, server: server ?? null, tool: tool ?? null })
    const total = new Sum()
    const points = new Map<number, Sum>()
    for (const row of rows) {
      const at = Math.floor(row.at / step) * step
      const point = points.get(at) ?? new Sum()
      points.set(at, point)
      point.add(row)
      total.add(row)
    }
    return { total: total.figures, points: [...points].map(([at, sum]) => ({ at, ...sum.figures })) }
  }

  async tools(span: Omit<WindowSpan, 'step'>) {
    const sums = new Map<string, { server: string; tool: string | null; sum: Sum }>()
    for (const row of this.#rows({ ...span, server: null, tool: null })) {
      for (const tool of [null, row.tool]) {
        const key = JSON.stringify([row.server, tool])
        const known = sums.get(key) ?? { server: row.server, tool, sum: new Sum() }
        sums.set(key, known)
        known.sum.add(row)
      }
    }
    return [...sums.values()]
      .map(({ server, tool, sum }) => ({ server, tool, ...sum.figures }))
      .sort((a, b) => b.calls - a.calls || (a.server < b.server ? -1 : 1))
  }

  async addGauges(atS: number, samples: GaugeSample[]): Promise<void> {
    const add = this.#sqlite.prepare(
      `insert into metric_gauges (step_s, at, name, server, samples, total, most)
       values (@step_s, @at, @name, @server, @samples, @total, @most)
       on conflict do update set samples = samples + excluded.samples, total = total + excluded.total,
       most = max(most, excluded.most)`,
    )
    for (const step_s of windowSteps) {
      const at = Math.floor(atS / step_s) * step_s
      for (const { name, server, samples: count, total, most } of samples) {
        add.run({ step_s, at, name, server, samples: count, total, most })
      }
    }
  }

  async gauges({ from, until, step, window }: WindowSpan): Promise<GaugePoint[]> {
    return this.#sqlite
      .prepare(
        `select at - at % cast(@step as integer) as at, name, server, sum(samples) as samples, sum(total) as total,
         max(most) as most from metric_gauges where step_s = @window and at >= @from and at < @until
         group by 1, 2, 3 order by 1`,
      )
      .all({ from, until, step, window }) as GaugePoint[]
  }

  async prune({ minutesS, hoursS }: { minutesS: number; hoursS: number }): Promise<number> {
    let gone = 0
    for (const table of ['metric_calls', 'metric_gauges']) {
      for (const [step_s, before] of [
        [60, minutesS],
        [3600, hoursS],
      ]) {
        const at = this.#sqlite
          .prepare(`select at from ${table} where step_s = ? and at < ? order by at limit 1 offset ${pruneStep}`)
          .pluck()
          .get(step_s, before)
        // Whole windows: up to the one in which the step ends, else all that are too old.
        const end = typeof at === 'number' ? at : before
        gone += this.#sqlite.prepare(`delete from ${table} where step_s = ? and at < ?`).run(step_s, end).changes
      }
    }
    return gone
  }

  #rows(of: {
    from: number
    until: number
    window: number
    server: string | null
    tool: string | null
  }): IterableIterator<CallRow> {
    return this.#sqlite
      .prepare(
        `select at, server, tool, calls, errors, max_ms, latency from metric_calls
         where step_s = @window and at >= @from and at < @until
         and (@server is null or server = @server) and (@tool is null or tool = @tool) order by at`,
      )
      .iterate(of) as IterableIterator<CallRow>
  }
}

class Sum {
  #calls = 0
  #errors = 0
  #maxMs = 0
  readonly #latency: LatencyCounts = []

  add({ calls, errors, max_ms, latency }: CallRow): void {
    this.#calls += calls
    this.#errors += errors
    this.#maxMs = Math.max(this.#maxMs, max_ms)
    addLatencies(this.#latency, JSON.parse(latency) as number[])
  }

  get figures(): CallFigures {
    const quantile = (share: number): number | null => {
      const ms = latencyQuantile(this.#latency, share, this.#maxMs)
      return ms === null ? null : Math.round(ms * 100) / 100
    }
    return { calls: this.#calls, errors: this.#errors, p50_ms: quantile(0.5), p95_ms: quantile(0.95) }
  }
}
