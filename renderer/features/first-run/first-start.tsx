import type { Server } from '../../../shared/server.ts'
import { useServer } from '../../client/hooks.ts'
import { classNames } from '../../ui/class-names.ts'
import { useFastClock } from '../../ui/clock.ts'
import { formatDuration } from '../../ui/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { StateGlyph } from '../../ui/state-glyph.tsx'
import { stateLooks } from '../../ui/state-look.ts'
import { stepNames } from '../../ui/step-timeline.tsx'
import styles from './first-start.module.css'

interface FirstStartProps {
  id: string
  /** The command line or address, shown before the import. */
  summary: string
  /** null before the import. */
  isImported: boolean | null
  isTicked: boolean
}

/** How a candidate's first start goes, in one line of its row. */
export function FirstStart({ id, summary, isImported, isTicked }: FirstStartProps) {
  const server = useServer(id)
  if (isImported === null)
    return <code className={classNames(styles.command, !isTicked && styles.quiet)}>{summary}</code>
  if (!isImported) return <span className={styles.absent}>Not imported</span>
  if (!server || (server.state === 'stopped' && !server.start)) {
    return (
      <>
        <Glyph name="starting-0" tone="quiet" />
        <span className={styles.quiet}>Waits its turn</span>
      </>
    )
  }
  return (
    <>
      <StateGlyph detail={server.detail} />
      <span className={styles.word}>{wordOf(server)}</span>
      <StartTime server={server} />
    </>
  )
}

function wordOf(server: Server): string {
  if (server.detail.state === 'starting') return stepNames[server.detail.step]
  if (server.state === 'ready') return stateLooks.ready.word
  return server.reason ?? stateLooks[server.state].word
}

function StartTime({ server }: { server: Server }) {
  const { start } = server
  const elapsed = useFastClock((now) =>
    start?.finished_at === null ? Math.max(0, now - Date.parse(start.started_at)) : 0,
  )
  if (!start) return null
  const broken = start.steps.find((step) => step.status === 'failed')
  if (broken) return <span className={styles.time}>{stepNames[broken.step].toLowerCase()}</span>
  const took = start.finished_at === null ? elapsed : Date.parse(start.finished_at) - Date.parse(start.started_at)
  return <span className={styles.time}>{formatDuration(took)}</span>
}
