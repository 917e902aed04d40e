import type { ReactNode } from 'react'
import type { Server } from '../../../shared/server.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { useServerUsage, useUsageFeed } from '../../client/usage.ts'
import { usePreferences } from '../../preferences.ts'
import { formatDateTime } from '../../ui/format.ts'
import { StateGlyph } from '../../ui/state-glyph.tsx'
import { StepTimeline } from '../../ui/step-timeline.tsx'
import { ActionButtons } from './action-buttons.tsx'
import { AddSecret } from './add-secret.tsx'
import { ConsentPanel } from './consent-panel.tsx'
import { LastLines } from './last-lines.tsx'
import { StartNote } from './open-row.tsx'
import styles from './overview-tab.module.css'
import { RunsTable } from './runs-table.tsx'
import { nextSteps } from './server-actions.ts'
import { SignInPanel } from './sign-in-panel.tsx'
import { TransitionsTable } from './transitions-table.tsx'

/** How a server stands: what to do next, its last start, what it said, its facts, its runs and states. */
export function OverviewTab({ server }: { server: Server }) {
  return (
    <div className={styles.overview}>
      <div className={styles.main}>
        <Verdict server={server} />
        <SignInPanel server={server} />
        <ConsentPanel server={server} />
        <section className={styles.block} aria-label="Last start">
          <h2 className={styles.heading}>
            Last start <StartNote server={server} />
          </h2>
          {server.start ? (
            <StepTimeline start={server.start} withDetail />
          ) : (
            <p className={styles.none}>It was never started here.</p>
          )}
        </section>
        <section className={styles.block} aria-label="What it said">
          <h2 className={styles.heading}>What it said</h2>
          <LastLines server={server.id} count={8} />
        </section>
        <RunsTable server={server} />
        <TransitionsTable server={server} />
      </div>
      <Facts server={server} />
    </div>
  )
}

function Verdict({ server }: { server: Server }) {
  const isSigningIn = useSnapshot((snapshot) =>
    snapshot.sign_ins.some((signIn) => signIn.server === server.id && signIn.status === 'waiting'),
  )
  const { sentence } = nextSteps(server)
  return (
    <section className={styles.verdict} aria-label="How it stands">
      <StateGlyph detail={server.detail} size={24} />
      <div>
        <p className={styles.sentence}>{sentence}</p>
        <Code server={server} />
      </div>
      <div className={styles.actions}>
        {server.detail.state === 'needs_secret' && <AddSecret names={server.detail.names} />}
        <ActionButtons
          server={server}
          size="normal"
          leads={server.state !== 'needs_consent' && server.state !== 'needs_secret' && !isSigningIn}
        />
      </div>
    </section>
  )
}

function Code({ server }: { server: Server }) {
  if (!('failure' in server.detail)) return null
  return <p className={styles.code}>{server.detail.failure.code}</p>
}

type Fact = readonly [name: string, value: ReactNode]

function Facts({ server }: { server: Server }) {
  const zone = usePreferences((state) => state.zone)
  const running = useSnapshot((snapshot) => snapshot.running.filter((task) => task.agent === server.id).length)
  const load = useLoad(server.id)
  const { last_error: lastError } = server
  const facts: readonly Fact[] = [
    ['Wanted', server.wished ? 'on' : 'off'],
    ['Process', server.pid],
    ...(server.transport === 'stdio' ? load : []),
    ...(server.client_processes > 0 ? [['For one client each', server.client_processes] as const] : []),
    ['Via', server.transport],
    ['Era', server.era],
    ['Revision', server.protocol_version],
    ['Says it is', server.implementation && `${server.implementation.name} ${server.implementation.version}`],
    ['Tools', server.tools],
    ['Resources', server.resources],
    ['Prompts', server.prompts],
    ['Running calls', running],
    ['Last call', server.last_call_at && formatDateTime(server.last_call_at, zone)],
    ['Restarts', server.restarts],
    ['Stray lines on stdout', server.noise],
  ]
  return (
    <aside className={styles.facts} aria-label="Facts">
      <dl className={styles.list}>
        {facts.map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
      {lastError && (
        <section className={styles.lastError} aria-label="Last error">
          <h2 className={styles.heading}>
            Last error <span className={styles.note}>{formatDateTime(lastError.at, zone)}</span>
          </h2>
          <p>{lastError.message}</p>
          {lastError.hint && <p className={styles.hint}>{lastError.hint}</p>}
          <p className={styles.code}>{lastError.code}</p>
        </section>
      )}
    </aside>
  )
}

/** What its processes use now, all together. */
function useLoad(id: string): Fact[] {
  useUsageFeed()
  const now = useServerUsage(id).at(-1) ?? null
  if (now === null)
    return [
      ['Processor', null],
      ['Memory', null],
    ]
  const { cpu_percent, memory_mb, processes } = now
  const among = processes > 1 ? ` in ${processes} processes` : ''
  return [
    ['Processor', cpu_percent === null ? null : `${cpu_percent.toFixed(1)} % of a core`],
    ['Memory', `${memory_mb.toFixed(0)} MB${among}`],
  ]
}
