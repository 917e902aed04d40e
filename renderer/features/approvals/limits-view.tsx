import { useState } from 'react'
import type { Limit } from '../../../shared/limits.ts'
import { useCall, useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { LimitDialog } from './limit-dialog.tsx'
import { limitFacts } from './limit-facts.ts'
import { limitText } from './pattern-text.ts'
import styles from './rows.module.css'

interface LimitsViewProps {
  isAdding: boolean
  onAdd: (isOn: boolean) => void
}

/** What holds for calls, and the servers that calls are kept from now. */
export function LimitsView({ isAdding, onAdd }: LimitsViewProps) {
  const [edited, setEdited] = useState<Limit | null>(null)
  const answer = useCall('limits', (engine, signal) => engine.limits.get(undefined, { signal }))
  const command = useCommand()
  if (answer.kind === 'failed') return <FailedState failure={answer.failure} onRetry={answer.reload} />
  if (answer.kind === 'loading') return null
  const { limits, circuits } = answer.data
  async function put(next: Limit[]): Promise<void> {
    if ((await command.run((engine) => engine.limits.set({ limits: next }))) === undefined) return
    setEdited(null)
    onAdd(false)
    answer.reload()
  }
  const save = (limit: Limit): void => {
    const isKnown = limits.some(({ id }) => id === limit.id)
    void put(isKnown ? limits.map((one) => (one.id === limit.id ? limit : one)) : [...limits, limit])
  }
  return (
    <div className={styles.column}>
      {circuits.length > 0 && (
        <Panel title="Kept from" level={2} note="servers whose connection failed again and again">
          <ul aria-label="Kept from">
            {circuits.map(({ server, reason }) => (
              <li key={server} className={styles.row} aria-label={server}>
                <Glyph name="backing-off" tone="caution" />
                <div className={styles.what}>
                  <span className={styles.name}>{server}</span>
                  <span className={styles.note}>{reason}</span>
                </div>
                <Button
                  size="small"
                  onClick={async () => {
                    await command.run((engine) => engine.limits.closeCircuit({ server }))
                    answer.reload()
                  }}
                >
                  Let calls through
                </Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title="Limits" level={2} note="a call keeps to every limit that matches it">
        {limits.length === 0 ? (
          <EmptyState
            title="No limit is set"
            actions={
              <Button variant="primary" onClick={() => onAdd(true)}>
                Set a limit
              </Button>
            }
          >
            A limit bounds how many calls go through at once or in a time, how long they take, how often they are tried,
            and how large their results are.
          </EmptyState>
        ) : (
          <ul aria-label="Limits">
            {limits.map((limit) => (
              <li key={limit.id} className={styles.row} aria-label={limitText(limit)}>
                <div className={styles.what}>
                  <span className={styles.name}>{limitText(limit)}</span>
                  <span className={styles.note}>{limitFacts(limit).join('; ')}</span>
                </div>
                <Button size="small" variant="quiet" onClick={() => setEdited(limit)}>
                  Edit
                </Button>
                <IconButton
                  glyph="x"
                  size="small"
                  label="Remove this limit"
                  onClick={() => void put(limits.filter(({ id }) => id !== limit.id))}
                />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {(isAdding || edited !== null) && (
        <LimitDialog
          limit={edited}
          isBusy={command.isBusy}
          onSave={save}
          onClose={() => {
            setEdited(null)
            onAdd(false)
          }}
        />
      )}
    </div>
  )
}
