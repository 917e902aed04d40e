import { type MetricRange, metricRangeNames } from '../../../shared/metrics-contract.ts'
import { useCall, useSnapshot } from '../../client/hooks.ts'
import { Page, Spring } from '../../shell/page.tsx'
import { usePageActions } from '../../shell/page-actions.ts'
import { useClock } from '../../ui/clock.ts'
import { FailedState } from '../../ui/failed-state.tsx'
import { Segments } from '../../ui/segments.tsx'
import { Select } from '../../ui/select.tsx'
import { CallCharts } from './call-charts.tsx'
import { EndpointPanel } from './endpoint-panel.tsx'
import { LoadCharts } from './load-charts.tsx'
import { rangeTexts, useMetricView } from './metric-view.ts'
import styles from './metrics-page.module.css'
import { ToolTable } from './tool-table.tsx'
import { TracesPanel } from './traces-panel.tsx'

const everyServer = 'all'
const segmentLabels: Readonly<Record<MetricRange, string>> = {
  '15m': '15 min',
  '1h': '1 h',
  '6h': '6 h',
  '24h': '24 h',
  '7d': '7 d',
  '30d': '30 d',
}

/** How the calls of a span of time fared, what the servers used meanwhile, and where Prometheus reads the same. */
export function MetricsPage() {
  const view = useMetricView()
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const version = useVersion()
  const answer = useCall(
    `tools ${view.range}`,
    (engine, signal) => engine.metrics.tools({ range: view.range }, { signal }),
    version,
  )
  usePageActions([
    ...metricRangeNames.map((range) => ({
      id: `metrics:${range}`,
      title: `Show the ${rangeTexts[range]}`,
      glyph: 'metrics' as const,
      run: () => view.setRange(range),
    })),
    {
      id: 'metrics:numbers',
      title: view.asNumbers ? 'Show the metrics as charts' : 'Show the metrics as numbers',
      glyph: 'tasks',
      run: () => view.setNumbers(!view.asNumbers),
    },
  ])
  const called = answer.kind === 'done' ? answer.data : null
  return (
    <Page
      title="Metrics"
      facts={view.server === null ? rangeTexts[view.range] : `${nameOf(view)}, ${rangeTexts[view.range]}`}
      toolbar={
        <>
          <Segments
            label="How far back"
            value={view.range}
            onChange={view.setRange}
            segments={metricRangeNames.map((value) => ({ value, label: segmentLabels[value] }))}
          />
          <Select
            label="Server"
            value={view.server ?? everyServer}
            onChange={(next) => view.choose(next === everyServer ? null : next, null)}
            options={[
              { value: everyServer, label: 'All servers' },
              ...servers.map(({ id }) => ({ value: id as string, label: id as string })),
            ]}
          />
          <Spring />
          <Segments
            label="Show as"
            value={view.asNumbers ? 'numbers' : 'charts'}
            onChange={(next) => view.setNumbers(next === 'numbers')}
            segments={[
              { value: 'charts', label: 'Charts' },
              { value: 'numbers', label: 'Numbers' },
            ]}
          />
        </>
      }
    >
      <div className={styles.scroll}>
        {answer.kind === 'failed' && <FailedState failure={answer.failure} onRetry={answer.reload} />}
        <div className={styles.grid}>
          <CallCharts view={view} version={version} />
          {called !== null && called.servers.length > 0 && (
            <div className={styles.wide}>
              <ToolTable
                view={view}
                servers={called.servers}
                tools={called.tools}
                toolsTotal={called.tools_total}
                rangeText={rangeTexts[view.range]}
              />
            </div>
          )}
          <LoadCharts view={view} version={version} />
          <div className={styles.wide}>
            <EndpointPanel />
          </div>
          <div className={styles.wide}>
            <TracesPanel version={version} />
          </div>
        </div>
      </div>
    </Page>
  )
}

/** Rises when a call has ended, and with each minute, for the windows move on. */
function useVersion(): string {
  const day = useSnapshot((snapshot) => snapshot.day)
  const minute = useClock((nowMs) => Math.floor(nowMs / 60_000))
  return `${day.calls} ${day.failed} ${day.p95_ms} ${minute}`
}

function nameOf({ server, tool }: { server: string | null; tool: string | null }): string {
  return tool === null ? `${server}` : `${tool} of ${server}`
}
