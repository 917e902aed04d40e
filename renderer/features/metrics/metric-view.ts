import { type MetricRange, metricRanges } from '../../../shared/metrics-contract.ts'
import { useViewState } from '../../view-state.ts'

/** What the page of metrics shows; it lives in the address. */
export interface MetricView {
  readonly range: MetricRange
  readonly server: string | null
  /** Of that server; null: all of them. */
  readonly tool: string | null
  readonly asNumbers: boolean
  setRange(range: MetricRange): void
  setNumbers(isOn: boolean): void
  choose(server: string | null, tool: string | null): void
}

export const rangeTexts: Readonly<Record<MetricRange, string>> = {
  '15m': 'last 15 minutes',
  '1h': 'last hour',
  '6h': 'last 6 hours',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
}

export function useMetricView(): MetricView {
  const [asked, setRange] = useViewState<MetricRange>('range', '1h')
  const [of, setOf] = useViewState('of', '')
  const [as, setAs] = useViewState<'charts' | 'numbers'>('as', 'charts')
  // An address may say anything.
  const range = asked in metricRanges ? asked : '1h'
  const [server = '', ...tool] = of.split('/')
  return {
    range,
    server: server === '' ? null : decodeURIComponent(server),
    tool: tool.length === 0 ? null : tool.join('/'),
    asNumbers: as === 'numbers',
    setRange,
    setNumbers: (isOn) => setAs(isOn ? 'numbers' : 'charts'),
    choose: (next, nextTool) =>
      setOf(next === null ? '' : `${encodeURIComponent(next)}${nextTool === null ? '' : `/${nextTool}`}`),
  }
}
