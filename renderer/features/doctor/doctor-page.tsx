import { useState } from 'react'
import type { CheckResult, DoctorReport } from '../../../shared/doctor-contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { useCall, useSnapshot } from '../../client/hooks.ts'
import { Page, Spring } from '../../shell/page.tsx'
import { usePageActions } from '../../shell/page-actions.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { countOf } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { useViewState } from '../../view-state.ts'
import { CheckPanel } from './check-panel.tsx'
import styles from './doctor-page.module.css'
import { FixDialog } from './fix-dialog.tsx'

const everything = ''

/** What is wrong with the home and with each server, and how it is mended. */
export function DoctorPage() {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const [server, setServer] = useViewState('server', everything)
  const [asked, setAsked] = useState(() => firstLookAt(server))
  const { run, round } = asked.server === server ? asked : firstLookAt(server)
  const [chosen, setChosen] = useState<CheckResult | null>(null)
  const answer = useCall(
    round === 0 ? null : `${server} ${run}`,
    (engine, signal) =>
      engine.doctor.examine({ ...(server !== everything && { server: server as ServerId }), run }, { signal }),
    String(round),
  )
  const examine = (): void => setAsked({ server, run, round: round + 1 })
  const title = round === 0 ? 'Examine everything' : 'Examine again'
  usePageActions([{ id: 'doctor:examine', title, glyph: 'doctor', run: examine }])
  const report = answer.kind === 'done' ? answer.data : null
  return (
    <Page
      title="Doctor"
      facts={report !== null && verdictOf(report)}
      toolbar={
        <>
          <Select
            label="What to examine"
            value={server}
            options={[
              { value: everything, label: 'The home and all servers' },
              ...servers.map(({ id }) => ({ value: id as string, label: id })),
            ]}
            onChange={setServer}
          />
          <Spring />
          {round > 0 && (
            <Button glyph="restart" busy={answer.kind === 'loading'} onClick={examine}>
              Examine again
            </Button>
          )}
        </>
      }
    >
      {round === 0 && <Invitation servers={servers.length} onExamine={examine} />}
      {round > 0 && answer.kind === 'loading' && (
        <EmptyState glyph="doctor" title="Examining">
          A server that does not run is started for a moment; one that never answers takes as long as it may.
        </EmptyState>
      )}
      {answer.kind === 'failed' && <FailedState failure={answer.failure} onRetry={answer.reload} />}
      {report !== null && (
        <div className={styles.view}>
          {subjectsOf(report).map(([subject, checks]) => (
            <CheckPanel
              key={subject ?? everything}
              server={subject}
              checks={checks}
              onFix={setChosen}
              onRun={(id) => {
                setServer(id)
                setAsked({ server: id, run: true, round: round + 1 })
              }}
            />
          ))}
        </div>
      )}
      {chosen !== null && <FixDialog check={chosen} onClose={() => setChosen(null)} onFixed={examine} />}
    </Page>
  )
}

/** Looking at everything starts what does not run for a moment: that is asked for, never a side effect of coming here. */
function firstLookAt(server: string): { server: string; run: boolean; round: number } {
  return { server, run: false, round: server === everything ? 0 : 1 }
}

function Invitation({ servers, onExamine }: { servers: number; onExamine: () => void }) {
  return (
    <EmptyState
      glyph="doctor"
      title="Find out what is wrong"
      actions={
        <Button variant="primary" onClick={onExamine}>
          Examine everything
        </Button>
      }
    >
      Looks at the home of Signalbox and at {countOf(servers, 'server')}, in order. What does not run is started for a
      moment, if you have agreed to it. Nothing is changed before you have seen how.
    </EmptyState>
  )
}

function verdictOf({ problems, warnings }: DoctorReport): string {
  if (problems + warnings === 0) return 'nothing is wrong'
  return [problems > 0 && countOf(problems, 'problem'), warnings > 0 && countOf(warnings, 'warning')]
    .filter(Boolean)
    .join(', ')
}

/** The home first, then each server, in the order of the report. */
function subjectsOf({ checks }: DoctorReport): [ServerId | null, CheckResult[]][] {
  const bySubject = new Map<ServerId | null, CheckResult[]>()
  for (const check of checks) bySubject.set(check.server, [...(bySubject.get(check.server) ?? []), check])
  return [...bySubject]
}
