import { type PointerEvent, useRef, useState } from 'react'
import { usePreferences } from '../../preferences.ts'
import { useClock } from '../../ui/clock.ts'
import { formatClock, formatCount } from '../../ui/format.ts'
import styles from './histogram.module.css'
import { histogramBars, type LogOverview } from './overview.ts'

interface HistogramProps {
  minutes: LogOverview['minutes']
  fromMs: number
  /** End of the span, or null for now. */
  untilMs: number | null
  onPick(fromMs: number, toMs: number): void
}

const mostBars = 120
const height = 28
const minuteMs = 60_000

/** Lines over time, warnings and errors stacked below. Drag over a span, or click a bar, to see only that. */
export function Histogram({ minutes, fromMs, untilMs, onPick }: HistogramProps) {
  const zone = usePreferences((preferences) => preferences.zone)
  const now = useClock((nowMs) => Math.ceil(nowMs / minuteMs) * minuteMs)
  const chart = useRef<SVGSVGElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)

  const firstMs = Math.max(fromMs, Math.min(Date.parse(minutes[0]?.at ?? '') || now, now - 10 * minuteMs))
  const { bars, widthMs } = histogramBars(minutes, firstMs, untilMs ?? now, mostBars)
  const most = Math.max(1, ...bars.map((bar) => bar.other + bar.warnings + bar.errors))
  const total = bars.reduce((sum, bar) => sum + bar.other + bar.warnings + bar.errors, 0)
  const errors = bars.reduce((sum, bar) => sum + bar.errors, 0)
  const slot = 100 / bars.length
  const clock = (ms: number): string => formatClock(new Date(ms).toISOString(), zone).slice(0, 5)
  const ticks = Array.from({ length: 6 }, (_, index) => bars[0]!.from + (index / 5) * bars.length * widthMs)

  const barAt = (event: PointerEvent): number => {
    const box = chart.current!.getBoundingClientRect()
    const share = (event.clientX - box.left) / box.width
    return Math.min(bars.length - 1, Math.max(0, Math.floor(share * bars.length)))
  }
  const end = (): void => {
    if (!drag) return
    const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    onPick(bars[low]!.from, bars[high]!.from + widthMs)
    setDrag(null)
  }

  return (
    <div className={styles.histogram}>
      <svg
        ref={chart}
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${formatCount(total)} lines, ${formatCount(errors)} errors since ${clock(firstMs)}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ from: barAt(event), to: barAt(event) })
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: barAt(event) })}
        onPointerUp={end}
        onPointerCancel={() => setDrag(null)}
      >
        {drag && (
          <rect
            className={styles.picked}
            x={Math.min(drag.from, drag.to) * slot}
            width={(Math.abs(drag.to - drag.from) + 1) * slot}
            height={height}
          />
        )}
        {bars.map((bar, index) => {
          const scale = (height - 2) / most
          const box = { x: index * slot + slot * 0.1, width: slot * 0.8 }
          const [errorsPx, warningsPx, otherPx] = [bar.errors * scale, bar.warnings * scale, bar.other * scale]
          return (
            <g key={bar.from}>
              <rect className={styles.other} {...box} y={height - errorsPx - warningsPx - otherPx} height={otherPx} />
              <rect className={styles.warnings} {...box} y={height - errorsPx - warningsPx} height={warningsPx} />
              <rect className={styles.errors} {...box} y={height - errorsPx} height={errorsPx} />
            </g>
          )
        })}
      </svg>
      <div className={styles.axis} aria-hidden="true">
        {ticks.map((ms) => (
          <span key={ms}>{clock(ms)}</span>
        ))}
      </div>
    </div>
  )
}
