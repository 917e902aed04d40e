import type { ServerId } from '../../../shared/ids.ts'
import { useCall } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatCount, formatDuration } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { secondsOf } from './chart-data.ts'
import { ChartPanel } from './chart-panel.tsx'
import { type MetricView, rangeTexts } from './metric-view.ts'
import styles from './metrics-page.module.css'
import { stepText } from './step-text.ts'

/** How many calls there were, how many went wrong, and how long they took. */
export function CallCharts({ view, version }: { view: MetricView; version: string }) {
  const { range, server, tool } = view
  const answer = useCall(
    `calls ${range} ${server} ${tool}`,
    (engine, signal) =>
      engine.metrics.calls(
        { range, server: (server as ServerId | null) ?? undefined, tool: tool ?? undefined },
        { signal },
      ),
    version,
  )
  // The head of the page tells a failure, for all that it asks for.
  if (answer.kind !== 'done') return null
  const { total, points, step_s } = answer.data
  if (total.calls === 0) return <NoCalls view={view} />
  const times = secondsOf(points)
  const share = ((total.errors / total.calls) * 100).toFixed(1)
  return (
    <>
      <ChartPanel
        title="Calls"
        note={`${countOf(total.calls, 'call')}, ${formatCount(total.errors)} failed, ${share} %; per ${stepText(step_s)}`}
        asNumbers={view.asNumbers}
        format={formatWhole}
        empty=""
        data={{
          times,
          stepS: step_s,
          series: [
            { name: 'All', color: '--chart-1', kind: 'bars', values: points.map(({ calls }) => calls) },
            { name: 'Failed', color: '--chart-4', kind: 'bars', values: points.map(({ errors }) => errors) },
          ],
        }}
      />
      <ChartPanel
        title="Time to answer"
        note={`p50 ${durationText(total.p50_ms)}, p95 ${durationText(total.p95_ms)}; per ${stepText(step_s)}`}
        asNumbers={view.asNumbers}
        format={formatDuration}
        empty="No call took any time"
        data={{
          times,
          stepS: step_s,
          series: [
            { name: 'p50', color: '--chart-1', kind: 'line', values: points.map(({ p50_ms }) => p50_ms) },
            { name: 'p95', color: '--chart-3', kind: 'line', values: points.map(({ p95_ms }) => p95_ms) },
          ],
        }}
      />
    </>
  )
}

function NoCalls({ view }: { view: MetricView }) {
  const of = view.server === null ? '' : ` to ${view.tool ?? view.server}`
  return (
    <div className={styles.wide}>
      <Panel title="Calls" level={2}>
        <EmptyState
          glyph="metrics"
          title={`No call${of} in the ${rangeTexts[view.range]}`}
          actions={
            view.range !== '30d' && (
              <Button variant="primary" onClick={() => view.setRange('30d')}>
                Widen to 30 days
              </Button>
            )
          }
        >
          Every call counts here, whoever makes it: a client, this page, the terminal or the API.
        </EmptyState>
      </Panel>
    </div>
  )
}

function formatWhole(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : ''
}

function durationText(ms: number | null): string {
  return ms === null ? '–' : formatDuration(ms)
}
