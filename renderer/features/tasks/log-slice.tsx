import { Link } from 'wouter'
import type { LogLine } from '../../../shared/log.ts'
import type { TaskSummary } from '../../../shared/task.ts'
import { usePreferences } from '../../preferences.ts'
import { classNames } from '../../ui/class-names.ts'
import { countOf, formatClock } from '../../ui/format.ts'
import { LineText } from '../logs/line-text.tsx'
import { emptyQuery, printQuery } from '../logs/query.ts'
import styles from './log-slice.module.css'

/** What the server wrote while it worked on a task, with a way to the whole log at that place. */
export function LogSlice({ task, lines }: { task: TaskSummary; lines: readonly LogLine[] }) {
  const zone = usePreferences((preferences) => preferences.zone)
  const until = task.finished_at
  const note = lines.length === 0 ? 'nothing was written' : countOf(lines.length, 'line')
  return (
    <section aria-label="Log in this span" className={styles.slice}>
      <div className={styles.head}>
        <h3>Log in this span</h3>
        <span className={styles.note}>
          {note}, {formatClock(task.created_at, zone)} to {until === null ? 'now' : formatClock(until, zone)}
        </span>
        <Link href={logHref(task)}>Open the log</Link>
      </div>
      {lines.length > 0 && (
        <ol className={styles.lines}>
          {lines.map((line) => (
            <li key={line.seq} className={classNames(line.level === 'debug' && styles.low)}>
              <time dateTime={line.at}>{formatClock(line.at, zone, true).slice(6)}</time>
              <span>
                <LineText text={line.text} mark="" />
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

/** The log of the task's server, from a little before it to a little after. */
function logHref(task: TaskSummary): string {
  const at = (time: string, addMs: number): string => new Date(Date.parse(time) + addMs).toISOString()
  const query = printQuery({
    ...emptyQuery,
    servers: [task.agent],
    since: at(task.created_at, -5000),
    until: task.finished_at === null ? null : at(task.finished_at, 5000),
  })
  return `/logs?${new URLSearchParams({ q: query })}`
}
