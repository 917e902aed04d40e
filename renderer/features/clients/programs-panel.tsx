import { useState } from 'react'
import type { Client } from '../../../shared/client.ts'
import type { ConnectPlace, ConnectProgram } from '../../../shared/connect-contract.ts'
import type { Action } from '../../actions.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { usePageActions } from '../../shell/page-actions.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { announceToast } from '../../ui/toast.tsx'
import { ConnectDialog } from './connect-dialog.tsx'
import { placeLook, placeReason } from './place-look.ts'
import styles from './programs-panel.module.css'
import { UndoDialog } from './undo-dialog.tsx'

export interface ChosenPlace {
  program: ConnectProgram
  place: ConnectPlace
}

interface ProgramsPanelProps {
  items: readonly ConnectProgram[]
  /** Looks at the files anew. */
  onChanged: () => void
}

/** The programs of this machine that can be clients: whether their files lead here, and the way to make them. */
export function ProgramsPanel({ items, onChanged }: ProgramsPanelProps) {
  const [connecting, setConnecting] = useState<ChosenPlace | null>(null)
  const [undoing, setUndoing] = useState<ChosenPlace | null>(null)
  const rows = items.flatMap((program) =>
    program.places
      .filter(({ state }, index) => program.is_found && (state !== 'not_found' || index === 0))
      .map((place) => ({ program, place })),
  )
  usePageActions(
    rows
      .filter(({ place }) => place.state === 'not_connected' || place.state === 'drifted')
      .map(
        (row): Action => ({
          id: `connect:${row.program.id}:${row.place.path}:${row.place.key.join('.')}`,
          title: `Connect ${row.program.name}`,
          hint: row.place.label,
          glyph: 'clients',
          run: () => setConnecting(row),
        }),
      ),
  )
  const absent = items.filter(({ is_found }) => !is_found).map(({ name }) => name)
  return (
    <div className={styles.programs}>
      <Panel
        title="Programs on this machine"
        note={absent.length > 0 ? `Not found: ${absent.join(', ')}` : undefined}
        aside={<IconButton glyph="restart" size="small" label="Look again" onClick={onChanged} />}
      >
        {rows.length === 0 && <p className={styles.none}>None of the programs that Signalbox knows was found.</p>}
        <ul className={styles.rows}>
          {rows.map((row) => (
            <PlaceRow
              key={`${row.program.id} ${row.place.path} ${row.place.key.join('.')}`}
              row={row}
              onConnect={() => setConnecting(row)}
              onUndo={() => setUndoing(row)}
              onChanged={onChanged}
            />
          ))}
        </ul>
      </Panel>
      {connecting && <ConnectDialog chosen={connecting} onClose={() => setConnecting(null)} onWritten={onChanged} />}
      {undoing && <UndoDialog chosen={undoing} onClose={() => setUndoing(null)} onUndone={onChanged} />}
    </div>
  )
}

interface PlaceRowProps {
  row: ChosenPlace
  onConnect: () => void
  onUndo: () => void
  onChanged: () => void
}

function PlaceRow({ row: { program, place }, onConnect, onUndo, onChanged }: PlaceRowProps) {
  const look = placeLook(place)
  const seen = useClientOf(program)?.seen ?? null
  const isConnected = place.state === 'connected'
  const reason = isConnected && seen === null ? program.restart : placeReason(place)
  const command = useCommand()
  async function accept(): Promise<void> {
    const { scope, folder } = place
    const accepted = await command.run((engine) => engine.connect.forget({ program: program.id, scope, folder }))
    if (!accepted) return
    announceToast({
      title: `${program.name} is taken as it is`,
      message: 'What was written before is no longer watched.',
    })
    onChanged()
  }
  return (
    <li className={styles.row} aria-label={`${program.name}, ${place.label}`}>
      <span className={styles.program}>
        <b className={styles.name}>{program.name}</b>
        <span className={styles.label}>{place.label}</span>
      </span>
      <span className={styles.state}>
        <Glyph name={look.glyph} tone={look.tone} />
        {look.word}
        {isConnected && seen === null && <span className={styles.waiting}>not seen yet</span>}
        {isConnected && seen !== null && (
          <span className={styles.seen}>
            seen <Age at={seen.last_at} /> ago
          </span>
        )}
      </span>
      <span className={styles.file} title={place.path}>
        <bdi>{place.path}</bdi>
      </span>
      <span className={styles.actions}>
        {place.state === 'drifted' && (
          <Button size="small" variant="quiet" busy={command.isBusy} onClick={() => void accept()}>
            Take as it is
          </Button>
        )}
        {place.undo !== 'none' && (
          <Button size="small" variant="quiet" onClick={onUndo}>
            Undo
          </Button>
        )}
        {place.state !== 'unreadable' && !isConnected && (
          <Button size="small" onClick={onConnect}>
            {place.state === 'drifted' ? 'Write again' : 'Connect'}
          </Button>
        )}
        {isConnected && (
          <Button size="small" variant="quiet" onClick={onConnect}>
            Change
          </Button>
        )}
      </span>
      {reason !== null && <span className={styles.reason}>{reason}</span>}
    </li>
  )
}

/** The first client that says it is this program; what it has been seen to do proves that the entry works. */
function useClientOf(program: ConnectProgram): Client | undefined {
  return useSnapshot((snapshot) =>
    snapshot.clients.find((one) => one.program === program.id && one.revoked_at === null),
  )
}
