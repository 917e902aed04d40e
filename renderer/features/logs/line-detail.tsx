import { Link } from 'wouter'
import type { LogLine } from '../../../shared/log.ts'
import { useCall } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { classNames } from '../../ui/class-names.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatClock, formatCount, formatDuration } from '../../ui/format.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { TaskGlyph } from '../../ui/task-glyph.tsx'
import well from '../../ui/well.module.css'
import styles from './line-detail.module.css'
import { LineText } from './line-text.tsx'
import type { LogBuffer } from './log-buffer.ts'
import { streamNames } from './log-row.tsx'

interface LineDetailProps {
  line: LogLine
  buffer: LogBuffer
  mark: string
  onClose(): void
}

/** One line, whole, between its neighbours of the same source, and the calls that were running then. */
export function LineDetail({ line, buffer, mark, onClose }: LineDetailProps) {
  const lines = neighbours(buffer, line)
  const level = line.level_guessed ? `${line.level}, read from the text` : line.level
  return (
    <section className={styles.detail} aria-label={`Line ${formatCount(line.seq)}`}>
      <div className={styles.main}>
        <div className={styles.head}>
          <h2>Line {formatCount(line.seq)}</h2>
          <span className={styles.facts}>{`${line.server}, ${streamNames[line.stream]}, ${level}`}</span>
          <CopyButton text={line.text} label="Copy the line" />
          <IconButton glyph="x" size="small" label="Close" onClick={onClose} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <div className={`${well.well} ${styles.well}`} tabIndex={0}>
          {lines.map((one) => (
            <div key={one.seq} className={classNames(styles.line, one.seq !== line.seq && styles.other)}>
              <LineText text={one.text} mark={one.seq === line.seq ? mark : ''} />
            </div>
          ))}
        </div>
      </div>
      <RunningThen line={line} />
    </section>
  )
}

const before = 1
const after = 3
const lookAround = 100

/** Lines of the same run and stream right around one; those of other sources in between are left out. */
function neighbours(buffer: LogBuffer, line: LogLine): LogLine[] {
  const place = buffer.placeOf(line.seq)
  if (place === null) return [line]
  const isSame = (other: LogLine | undefined): other is LogLine =>
    other?.server === line.server && other.stream === line.stream && other.run_id === line.run_id
  const take = (step: 1 | -1, count: number): LogLine[] => {
    const found: LogLine[] = []
    for (let away = 1; away <= lookAround && found.length < count; away++) {
      const other = buffer.at(place + away * step)
      if (isSame(other)) found.push(other)
    }
    return found
  }
  return [...take(-1, before).reverse(), line, ...take(1, after)]
}

const longestCallMs = 3_600_000

function RunningThen({ line }: { line: LogLine }) {
  const zone = usePreferences((preferences) => preferences.zone)
  const call = useCall(`tasks around ${line.server} ${line.at}`, (engine, signal) =>
    engine.tasks.list(
      {
        agent: [line.server],
        since: new Date(Date.parse(line.at) - longestCallMs).toISOString(),
        until: line.at,
        limit: 50,
      },
      { signal },
    ),
  )
  const tasks =
    call.kind === 'done'
      ? call.data.items.filter((task) => task.finished_at === null || task.finished_at >= line.at).slice(0, 3)
      : []
  return (
    <div className={styles.then}>
      <h2>Running then</h2>
      {call.kind === 'failed' && <p className={styles.facts}>{call.failure.message}</p>}
      {call.kind === 'done' && tasks.length === 0 && (
        <p className={styles.facts}>No call was running on {line.server}.</p>
      )}
      <ul>
        {tasks.map((task) => (
          <li key={task.task_id}>
            <TaskGlyph status={task.status} size={14} />
            <Link href={`/tasks/${task.task_id}`} className={styles.task}>
              {task.action}
            </Link>
            <span className={styles.facts}>
              {task.duration_ms === null
                ? `since ${formatClock(task.created_at, zone)}`
                : formatDuration(task.duration_ms)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
