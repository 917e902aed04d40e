import { useState } from 'react'
import type { ConnectPlace, ConnectProgram } from '../../../shared/connect-contract.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { announceToast } from '../../ui/toast.tsx'
import { ConnectDialog } from './connect-dialog.tsx'
import { placeLooks, placeReason } from './place-look.ts'
import styles from './programs-panel.module.css'
import { UndoDialog } from './undo-dialog.tsx'

export interface ChosenPlace {
  program: ConnectProgram
  place: ConnectPlace
}

/** The programs of this machine that can be clients: whether their files lead here, and the way to make them. */
export function ProgramsPanel() {
  const answer = useCall('programs', (engine, signal) => engine.connect.programs({}, { signal }))
  const [connecting, setConnecting] = useState<ChosenPlace | null>(null)
  const [undoing, setUndoing] = useState<ChosenPlace | null>(null)
  if (answer.kind === 'loading') return null
  if (answer.kind === 'failed') {
    return (
      <EmptyState
        glyph="failed"
        title={answer.failure.message}
        actions={<Button onClick={answer.reload}>Try again</Button>}
      >
        {answer.failure.hint}
      </EmptyState>
    )
  }
  const { items } = answer.data
  const rows = items.flatMap((program) =>
    program.places
      .filter(({ state }, index) => program.is_found && (state !== 'not_found' || index === 0))
      .map((place) => ({ program, place })),
  )
  const absent = items.filter(({ is_found }) => !is_found).map(({ name }) => name)
  return (
    <div className={styles.programs}>
      <Panel
        title="Programs on this machine"
        note={absent.length > 0 ? `Not found: ${absent.join(', ')}` : undefined}
        aside={<IconButton glyph="restart" size="small" label="Look again" onClick={answer.reload} />}
      >
        {rows.length === 0 && <p className={styles.none}>None of the programs that Signalbox knows was found.</p>}
        <ul>
          {rows.map((row) => (
            <PlaceRow
              key={`${row.program.id} ${row.place.path} ${row.place.key.join('.')}`}
              row={row}
              onConnect={() => setConnecting(row)}
              onUndo={() => setUndoing(row)}
              onChanged={answer.reload}
            />
          ))}
        </ul>
      </Panel>
      {connecting && (
        <ConnectDialog chosen={connecting} onClose={() => setConnecting(null)} onWritten={answer.reload} />
      )}
      {undoing && <UndoDialog chosen={undoing} onClose={() => setUndoing(null)} onUndone={answer.reload} />}
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
  const look = placeLooks[place.state]
  const reason = placeReason(place)
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
        <Seen program={program} isConnected={place.state === 'connected'} />
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
        {place.state !== 'unreadable' && place.state !== 'connected' && (
          <Button size="small" onClick={onConnect}>
            {place.state === 'drifted' ? 'Write again' : 'Connect'}
          </Button>
        )}
        {place.state === 'connected' && (
          <Button size="small" variant="quiet" onClick={onConnect}>
            Change
          </Button>
        )}
      </span>
      {reason !== null && <span className={styles.reason}>{reason}</span>}
    </li>
  )
}

/** `not seen yet: restart it`, or since when; the program's own client tells. */
function Seen({ program, isConnected }: { program: ConnectProgram; isConnected: boolean }) {
  const client = useSnapshot((snapshot) =>
    snapshot.clients.find((one) => one.program === program.id && one.revoked_at === null),
  )
  if (!isConnected) return null
  if (!client?.seen) return <span className={styles.waiting}>not seen yet</span>
  return (
    <span className={styles.seen}>
      seen <Age at={client.seen.last_at} /> ago
    </span>
  )
}
