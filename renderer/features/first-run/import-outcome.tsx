import { useSnapshot } from '../../client/hooks.ts'
import { countOf } from '../../ui/format.ts'
import { needsPerson, stateLooks } from '../../ui/state-look.ts'
import { StepTimeline } from '../../ui/step-timeline.tsx'
import { ActionButtons } from '../servers/action-buttons.tsx'
import { StartNote } from '../servers/open-row.tsx'
import { nextSteps } from '../servers/server-actions.ts'
import styles from './import-outcome.module.css'
import type { ImportDesk } from './use-import.ts'

/** Below the rows, from the import on: one start in full, and one failure with its ways out. It keeps its height. */
export function ImportOutcome({ desk }: { desk: ImportDesk }) {
  const all = useSnapshot((snapshot) => snapshot.servers)
  if (desk.imported === null) return null
  const ids = new Set<string>(desk.imported.values())
  const servers = all.filter((server) => ids.has(server.id))
  const broken = servers.find((server) => needsPerson(server.state) || server.state === 'backing_off')
  const shown =
    servers.find((server) => server.state === 'starting') ??
    servers.findLast((server) => server.start && server !== broken)
  return (
    <div className={styles.outcome}>
      <section aria-label="A start, step by step">
        {shown?.start && (
          <>
            <h3 className={styles.heading}>
              {shown.id}, {stateLooks[shown.state].word.toLowerCase()} <StartNote server={shown} />
            </h3>
            <StepTimeline start={shown.start} />
          </>
        )}
      </section>
      <section aria-label="What needs you">
        {broken ? (
          <>
            <h3 className={styles.heading}>{broken.id} could not start</h3>
            <p className={styles.sentence}>{nextSteps(broken).sentence}</p>
            <ActionButtons server={broken} />
          </>
        ) : (
          <>
            <h3 className={styles.heading}>Nothing needs you</h3>
            <p className={styles.sentence}>
              {countOf(servers.length, 'server')} came in. One that cannot start would show its ways out here and block
              no other.
            </p>
          </>
        )}
      </section>
    </div>
  )
}
