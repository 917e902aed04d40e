import { useState } from 'react'
import { Link } from 'wouter'
import type { Decision } from '../../../shared/approvals.ts'
import { useCall, useEngine, useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { Panel } from '../../ui/panel.tsx'
import { originLabel } from './pattern-text.ts'
import styles from './rows.module.css'
import { VerdictGlyph } from './verdict-glyph.tsx'

/** Who answered what, the newest first. */
export function RecordView() {
  const engine = useEngine()
  const waiting = useSnapshot((snapshot) => snapshot.approvals)
  const version = waiting.map(({ id }) => id).join()
  const [older, setOlder] = useState<{ items: Decision[]; next: string | null } | null>(null)
  const answer = useCall('record', (client, signal) => client.approvals.history({ limit: 50 }, { signal }), version)
  if (answer.kind === 'failed') return <FailedState failure={answer.failure} onRetry={answer.reload} />
  if (answer.kind === 'loading') return null
  const items = [...answer.data.items, ...(older?.items ?? [])]
  const next = older === null ? answer.data.next_before : older.next
  async function more(before: string): Promise<void> {
    const page = await engine.approvals.history({ limit: 50, before })
    setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next_before })
  }
  if (items.length === 0) {
    return (
      <EmptyState glyph="tasks" title="Nobody has answered yet">
        Each yes and no of a person is kept here with its time, and on the task that it was about.
      </EmptyState>
    )
  }
  return (
    <div className={styles.column}>
      <Panel title="Who said yes" level={2} note="kept for good, also where the task is gone">
        <ul aria-label="Answers">
          {items.map(({ id, task_id, verdict, server, tool, origin, remember, rule, by, at, revoked_at }) => (
            <li key={id} className={styles.row}>
              <VerdictGlyph verdict={verdict} />
              <div className={styles.what}>
                <span className={styles.name}>
                  <code>{tool}</code> of {server}
                </span>
                <span className={styles.note}>
                  {verdict === 'allow' ? 'allowed' : 'denied'} by {originLabel(by)} for {originLabel(origin)}
                  {remember === 'always' && ', always'}
                  {remember === 'session' && ', until Signalbox ended'}
                  {revoked_at !== null && ', taken back since'}; rule {rule}
                </span>
              </div>
              <span className={styles.age}>
                <Age at={at} />
              </span>
              <Link href={`/tasks/${task_id}`} className={styles.link}>
                Task
              </Link>
            </li>
          ))}
        </ul>
        {next !== null && (
          <div className={styles.more}>
            <Button size="small" onClick={() => void more(next)}>
              Older
            </Button>
          </div>
        )}
      </Panel>
    </div>
  )
}
