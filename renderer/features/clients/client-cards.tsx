import { useCall, useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { ClientCard } from './client-card.tsx'
import styles from './client-cards.module.css'
import { ProgramsPanel } from './programs-panel.tsx'

/** Each client with what is true of it now. */
export function ClientCards({ onIssue, onWhy }: { onIssue: () => void; onWhy: (id: string) => void }) {
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const programs = useCall('programs', (engine, signal) => engine.connect.programs({}, { signal }))
  const items = programs.kind === 'done' ? programs.data.items : []
  return (
    <>
      <h2>
        <VisuallyHidden>Clients and programs</VisuallyHidden>
      </h2>
      <GatewayAddress />
      {clients.length === 0 ? (
        <EmptyState
          glyph="clients"
          title="No client yet"
          actions={
            <Button variant="primary" onClick={onIssue}>
              Issue a token
            </Button>
          }
        >
          A client is a program that calls your servers through Signalbox: one token, and a profile of what it reaches.
        </EmptyState>
      ) : (
        <ul className={styles.cards} aria-label="Clients">
          {clients.map((client) => (
            <ClientCard
              key={client.id}
              client={client}
              program={items.find(({ id }) => id === client.program)}
              onWhy={() => onWhy(client.id)}
            />
          ))}
        </ul>
      )}
      {programs.kind === 'failed' && <FailedState failure={programs.failure} onRetry={programs.reload} />}
      {programs.kind === 'done' && <ProgramsPanel items={programs.data.items} onChanged={programs.reload} />}
    </>
  )
}

/** Where clients call, for those that are set up by hand. */
function GatewayAddress() {
  const url = useSnapshot((snapshot) => snapshot.url)
  if (url === null) return null
  return (
    <p className={styles.address}>
      Clients call <code>{url}/mcp</code>
      <CopyButton text={`${url}/mcp`} label="Copy the address" />
      <span className={styles.more}>
        with their token as <code>Authorization: Bearer</code>, or run <code>signalbox connect --client NAME</code>
      </span>
    </p>
  )
}
