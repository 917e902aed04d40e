import { useLocation } from 'wouter'
import { useSnapshot } from '../../client/hooks.ts'
import { Plate } from '../../shell/plate.tsx'
import { StatusBar } from '../../shell/status-bar.tsx'
import { useShortcuts } from '../../shell/use-shortcuts.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { CandidateTable } from './candidate-table.tsx'
import styles from './first-run.module.css'
import { ImportFoot } from './import-foot.tsx'
import { ImportOutcome } from './import-outcome.tsx'
import { ProgramList } from './program-list.tsx'
import { SecretBanner } from './secret-banner.tsx'
import { useImport } from './use-import.ts'

/** Brings in what other programs on this machine have; the first page of a fresh home, and `/import` later. */
export function FirstRun() {
  useShortcuts()
  const desk = useImport()
  const hasServers = useSnapshot((snapshot) => snapshot.servers.length > 0)
  const [, go] = useLocation()
  return (
    <div className={styles.first}>
      <title>Bring your servers in · Signalbox</title>
      <header className={styles.topbar} data-window-head="">
        <Plate />
        <h1 className={styles.title}>Bring your servers in</h1>
        <span className={styles.sub}>nothing is changed in other programs: we copy</span>
        <Button variant="quiet" className={styles.skip} onClick={() => go('/servers')}>
          {hasServers ? 'Close' : 'Skip'}
        </Button>
      </header>
      <main className={styles.body}>
        <ProgramList desk={desk} />
        <div className={styles.main}>
          <SecretBanner desk={desk} />
          {desk.scan.kind === 'failed' ? (
            <EmptyState
              glyph="failed"
              title={desk.scan.failure.message}
              actions={<Button onClick={desk.rescan}>Look again</Button>}
            >
              {desk.scan.failure.hint}
            </EmptyState>
          ) : (
            <CandidateTable desk={desk} />
          )}
          <ImportOutcome desk={desk} />
        </div>
      </main>
      <ImportFoot desk={desk} />
      <StatusBar />
    </div>
  )
}
