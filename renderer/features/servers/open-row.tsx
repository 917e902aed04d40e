import { Link } from 'wouter'
import type { Server } from '../../../shared/server.ts'
import { usePreferences } from '../../preferences.ts'
import { formatClock, formatDuration } from '../../ui/format.ts'
import { StepTimeline } from '../../ui/step-timeline.tsx'
import { TableDetail } from '../../ui/table.tsx'
import { serverHref } from '../../view-state.ts'
import { ActionButtons } from './action-buttons.tsx'
import { LastLines } from './last-lines.tsx'
import styles from './open-row.module.css'
import { nextSteps } from './server-actions.ts'

/** What opens under a server's row: its last start, what it said, and what to do. */
export function OpenRow({ server }: { server: Server }) {
  return (
    <TableDetail label={`More about ${server.id}`}>
      <div className={styles.open}>
        <section aria-label="Last start">
          <h2 className={styles.heading}>
            Last start <StartNote server={server} />
          </h2>
          {server.start ? (
            <StepTimeline start={server.start} />
          ) : (
            <p className={styles.none}>It was never started here.</p>
          )}
        </section>
        <section aria-label="What it said">
          <h2 className={styles.heading}>
            What it said <span className={styles.note}>last 6 lines</span>
          </h2>
          <LastLines server={server.id} count={6} />
        </section>
        <section aria-label="Next">
          <h2 className={styles.heading}>
            Next <Link href={serverHref(server.id)}>Open server</Link>
          </h2>
          <p className={styles.sentence}>{nextSteps(server).sentence}</p>
          <ActionButtons server={server} />
        </section>
      </div>
    </TableDetail>
  )
}

/** When the last start was, and how long it took. */
export function StartNote({ server }: { server: Server }) {
  const zone = usePreferences((state) => state.zone)
  const { start } = server
  if (!start) return null
  const at = formatClock(start.started_at, zone)
  if (start.finished_at === null) return <span className={styles.note}>{at}</span>
  const took = formatDuration(Date.parse(start.finished_at) - Date.parse(start.started_at))
  const hasFailed = start.steps.some((step) => step.status === 'failed')
  return <span className={styles.note}>{`${at}, ${hasFailed ? 'failed after' : 'took'} ${took}`}</span>
}
