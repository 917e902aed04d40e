import { useEngineStore } from '../client/store.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import styles from './opening.module.css'
import { Plate } from './plate.tsx'

/** What stands before the engine has answered for the first time. */
export function Opening() {
  const connection = useEngineStore((state) => state.connection)
  return (
    <main className={styles.opening}>
      <header className={styles.head} data-window-head="">
        <Plate />
      </header>
      {connection.kind === 'refused' && (
        <EmptyState
          glyph="key"
          title={
            <>
              This page needs a fresh link: run <code>signalbox open</code>
            </>
          }
          actions={<CopyButton text="signalbox open" label="Copy the command" />}
        >
          The link in the address was used before or has expired. The command opens a new one.
        </EmptyState>
      )}
      {connection.kind === 'lost' && (
        <EmptyState glyph="backing-off" title="Signalbox does not answer">
          It may have been stopped. Start it with <code>npm start</code> or <code>signalbox serve</code>; this page
          connects by itself.
        </EmptyState>
      )}
    </main>
  )
}
