import { useState } from 'react'
import type { LogLine } from '../../../shared/log.ts'
import { isFinished, type TaskEvent, type TaskSummary } from '../../../shared/task.ts'
import { classNames } from '../../ui/class-names.ts'
import { useClock } from '../../ui/clock.ts'
import { formatDuration } from '../../ui/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { TaskGlyph } from '../../ui/task-glyph.tsx'
import { type TimelineRow, timelineOf } from './timeline.ts'
import styles from './timeline-view.module.css'

interface TimelineViewProps {
  task: TaskSummary
  events: readonly TaskEvent[]
  lines: readonly LogLine[]
}

const tickCount = 4

/** What happened when, on the task's own axis; a row opens to its facts. */
export function TimelineView({ task, events, lines }: TimelineViewProps) {
  const now = useClock((nowMs) => (isFinished(task.status) ? 0 : nowMs))
  const [openKey, setOpenKey] = useState<string | null>(null)
  const { span, rows } = timelineOf(task, events, lines, now)
  const open = rows.find((row) => row.key === openKey && row.payload !== null)
  return (
    <>
      <div className={styles.timeline}>
        <div className={styles.axis} aria-hidden="true">
          <span />
          <span className={styles.ticks}>
            {Array.from({ length: tickCount + 1 }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a tick is its place on the axis
              <span key={index}>{index === 0 ? '0' : shortDuration((span * index) / tickCount)}</span>
            ))}
          </span>
          <span />
        </div>
        {rows.map((row) => (
          <Row
            key={row.key}
            row={row}
            span={span}
            isOpen={row.key === openKey}
            onOpen={row.payload === null ? null : () => setOpenKey(row.key === openKey ? null : row.key)}
          />
        ))}
      </div>
      {open && (
        <div className={styles.payload}>
          <JsonView label={open.key === 'task' ? 'On record' : open.label} value={open.payload} openDepth={2} />
        </div>
      )}
    </>
  )
}

interface RowProps {
  row: TimelineRow
  span: number
  isOpen: boolean
  onOpen: (() => void) | null
}

function Row({ row, span, isOpen, onOpen }: RowProps) {
  const share = (ms: number): string => `${(ms / span) * 100}%`
  const content = (
    <>
      <span className={classNames(styles.name, styles[`depth${row.depth}`])}>
        {row.status ? (
          <TaskGlyph status={row.status} size={14} />
        ) : (
          <span className={styles.elbow} aria-hidden="true" />
        )}
        {row.key === 'log' && <Glyph name="logs" size={14} tone="quiet" />}
        <span className={styles.label}>
          {row.label} <span className={styles.note}>{row.note}</span>
        </span>
      </span>
      <span className={styles.lane} aria-hidden="true">
        {row.bar && (
          <b
            className={classNames(styles[row.bar.look], row.status && styles[row.status])}
            style={{ left: share(row.bar.from), width: share(row.bar.to - row.bar.from) }}
          />
        )}
        {row.marks.map((mark, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: marks have no other name than their place
          <i key={index} className={styles[`mark-${mark.look}`]} style={{ left: share(mark.at) }} />
        ))}
      </span>
      <span className={styles.took}>{rightSide(row)}</span>
    </>
  )
  if (!onOpen) return <div className={styles.row}>{content}</div>
  return (
    <button type="button" className={styles.row} aria-expanded={isOpen} onClick={onOpen}>
      {content}
    </button>
  )
}

function rightSide({ tookMs, count, key }: TimelineRow): string {
  if (tookMs !== null) return formatDuration(tookMs)
  if (count === null) return ''
  return key === 'log' ? String(count) : `×${count}`
}

/** For the axis: `1.4 s`, `350 ms`. */
function shortDuration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms)
}
