import { useCall } from '../../client/hooks.ts'
import { formatCount } from '../../ui/format.ts'
import { secondsOf, serverLines, wholeLines } from './chart-data.ts'
import { ChartPanel } from './chart-panel.tsx'
import type { MetricView } from './metric-view.ts'
import { stepText } from './step-text.ts'

/** What servers use, and how much there is to do. */
export function LoadCharts({ view, version }: { view: MetricView; version: string }) {
  const { range, server, asNumbers } = view
  const answer = useCall(`gauges ${range}`, (engine, signal) => engine.metrics.gauges({ range }, { signal }), version)
  if (answer.kind !== 'done') return null
  const { series: gauges, step_s } = answer.data
  const times = secondsOf(gauges[0]?.points ?? [])
  const common = { asNumbers, empty: 'Nothing was looked at in this time' }
  const per = stepText(step_s)
  const data = (series: ReturnType<typeof wholeLines>) => ({ times, stepS: step_s, series })
  return (
    <>
      <ChartPanel
        {...common}
        title="Memory"
        note={`own servers, mean per ${per}`}
        format={(mb) => `${formatCount(Math.round(mb))} MB`}
        data={data(serverLines(gauges, 'memory_mb', server))}
        empty="No process ran in this time"
      />
      <ChartPanel
        {...common}
        title="Processor"
        note={`own servers, share of one core, mean per ${per}`}
        format={formatPercent}
        data={data(serverLines(gauges, 'cpu_percent', server))}
        empty="No process ran in this time"
      />
      <ChartPanel
        {...common}
        title="Queue"
        note={`tasks that have not ended, most at a time per ${per}`}
        format={formatSome}
        data={data(
          wholeLines(gauges, [
            { gauge: 'tasks_running', name: 'Running', color: '--chart-1', kind: 'area' },
            { gauge: 'tasks_queued', name: 'Queued', color: '--chart-3' },
            { gauge: 'tasks_waiting', name: 'Waiting for input', color: '--chart-6' },
          ]),
        )}
      />
      <ChartPanel
        {...common}
        title="Gateway"
        note={`calls of clients and their sessions, most at a time per ${per}`}
        format={formatSome}
        data={data(
          wholeLines(gauges, [
            { gauge: 'gateway_in_flight', name: 'In flight', color: '--chart-1', kind: 'area' },
            { gauge: 'gateway_sessions', name: 'Sessions', color: '--chart-5' },
          ]),
        )}
      />
    </>
  )
}

/** Counts: what lies between two of them has no mark. */
function formatSome(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : ''
}

/** As many places as tell the marks of a small scale apart. */
function formatPercent(percent: number): string {
  const places = percent === 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : 2
  return `${percent.toFixed(places)} %`
}
