import { type RefObject, useEffect, useMemo, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { usePreferences } from '../preferences.ts'
import type { TimeZoneChoice } from './format.ts'
import styles from './time-chart.module.css'

export interface ChartSeries {
  readonly name: string
  /** A custom property of the chart series, for example `--chart-1`. */
  readonly color: string
  readonly kind: 'bars' | 'line' | 'area'
  /** One a step; null is a gap. */
  readonly values: readonly (number | null)[]
}

interface TimeChartProps {
  /** What it shows with its figures, for those who cannot see it. */
  label: string
  /** Starts of the steps, in seconds since 1970. */
  times: readonly number[]
  stepS: number
  /** At least one, and as many for as long as the chart is shown. */
  series: readonly ChartSeries[]
  /** Marks of the scale. */
  format: (value: number) => string
  /** Told which step the pointer is at on this chart or on one beside it; null: at none. */
  onPoint: (index: number | null) => void
}

const height = 148
const axisWidth = 56
const font = '11px system-ui, sans-serif'

/** Numbers over time on a canvas. All charts of a page share one pointer. Its numbers stand beside it in text. */
export function TimeChart({ label, times, stepS, series, format, onPoint }: TimeChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const zone = usePreferences((state) => state.zone)
  const theme = usePreferences((state) => state.theme)
  const latest = useRef({ format, onPoint })
  useEffect(() => {
    latest.current = { format, onPoint }
  })
  const look = series.map(({ name, color, kind }) => `${name} ${color} ${kind}`).join('|')
  const data = useMemo(() => [times, ...series.map(({ values }) => values)] as uPlot.AlignedData, [times, series])
  const shown = useRef(data)

  // Made anew where its look changes; new numbers are put in.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` says all that is used of `series`
  useEffect(() => {
    const parent = host.current!
    function make(): void {
      chart.current?.destroy()
      chart.current = new uPlot(optionsOf({ parent, series, stepS, zone, latest }), shown.current, parent)
    }
    make()
    const size = new ResizeObserver(() => chart.current?.setSize({ width: parent.clientWidth, height }))
    size.observe(parent)
    // A canvas keeps the colours that it was drawn in.
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', make)
    return () => {
      size.disconnect()
      dark.removeEventListener('change', make)
      chart.current?.destroy()
      chart.current = null
    }
  }, [look, stepS, zone, theme])

  useEffect(() => {
    shown.current = data
    chart.current?.setData(data)
  }, [data])

  return (
    <div className={styles.frame}>
      <div ref={host} role="img" aria-label={label} className={styles.chart} />
    </div>
  )
}

interface LookParts {
  parent: HTMLElement
  series: readonly ChartSeries[]
  stepS: number
  zone: TimeZoneChoice
  latest: RefObject<Pick<TimeChartProps, 'format' | 'onPoint'>>
}

function optionsOf({ parent, series, stepS, zone, latest }: LookParts): uPlot.Options {
  const color = colorsOf(parent)
  const axis = { stroke: color('--ink-3'), font, ticks: { show: false }, border: { show: false } }
  const grid = { stroke: color('--chart-grid'), width: 1 }
  return {
    width: parent.clientWidth,
    height,
    legend: { show: false },
    // Half a mark of time stands right of the last step.
    padding: [8, 18, 0, 0],
    tzDate: (seconds) => {
      const date = new Date(seconds * 1000)
      return zone === 'utc' ? uPlot.tzDate(date, 'Etc/UTC') : date
    },
    cursor: {
      sync: { key: 'times' },
      y: false,
      drag: { x: false, y: false },
      points: { show: series.every(({ kind }) => kind !== 'bars'), size: 6 },
    },
    scales: {
      // The last step ends at the right edge.
      x: { time: true, range: (_, from, to) => [from, to + stepS] },
      y: { range: (_, __, most) => [0, mostOf(most)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, gap: 9, space: 72, values: timeMarks(zone) },
      {
        ...axis,
        grid,
        size: axisWidth,
        space: 36,
        values: (_, splits) => splits.map((value) => latest.current.format(value)),
      },
    ],
    series: [{}, ...series.map((one) => lookOf(one, color))],
    hooks: { setCursor: [({ cursor }) => latest.current.onPoint(cursor.idx ?? null)] },
  }
}

function lookOf({ name, color: token, kind }: ChartSeries, color: (token: string) => string): uPlot.Series {
  const stroke = color(token)
  if (kind === 'bars') {
    const paths = uPlot.paths.bars!({ align: 1, size: [0.82, 24], gap: 1 })
    return { label: name, paths, fill: stroke, width: 0, points: { show: false } }
  }
  const fill = kind === 'area' ? withAlpha(stroke, 0.14) : undefined
  const points = { show: false, filter: lonePoints, size: 4, width: 0, fill: stroke }
  return { label: name, stroke, width: 1.5, points, ...(fill !== undefined && { fill }) }
}

/** Values with a gap on both sides: no line leads to them. */
function lonePoints({ data }: uPlot, index: number): number[] {
  const values = data[index] as readonly (number | null | undefined)[]
  const isGap = (at: number): boolean => values[at] === null || values[at] === undefined
  return values.flatMap((_, at) => (!isGap(at) && isGap(at - 1) && isGap(at + 1) ? [at] : []))
}

/** Colours as they are now: a canvas does not understand custom properties. */
function colorsOf(parent: HTMLElement): (token: string) => string {
  return (token) => {
    const probe = document.createElement('span')
    probe.style.color = `var(${token})`
    parent.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
}

function withAlpha(color: string, alpha: number): string {
  return color.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`)
}

/** A little room above the peak; a chart of nothing has a scale all the same. */
function mostOf(most: number | null): number {
  return most === null || most <= 0 ? 1 : most * 1.08
}

const dayS = 86_400
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function timeMarks(zone: TimeZoneChoice): uPlot.Axis.DynamicValues {
  return (_, splits, __, ___, incrementS) =>
    splits.map((seconds) => {
      const date = new Date(seconds * 1000)
      const isUtc = zone === 'utc'
      if (incrementS >= dayS) {
        const month = months[isUtc ? date.getUTCMonth() : date.getMonth()]
        return `${isUtc ? date.getUTCDate() : date.getDate()} ${month}`
      }
      const [hours, minutes] = isUtc ? [date.getUTCHours(), date.getUTCMinutes()] : [date.getHours(), date.getMinutes()]
      return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
    })
}
