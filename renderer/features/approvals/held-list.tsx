import { useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { HeldCard } from './held-card.tsx'
import styles from './held-list.module.css'

/** The inbox: every call that waits, the oldest first. */
export function HeldList({ onRules }: { onRules: () => void }) {
  const held = useSnapshot((snapshot) => snapshot.approvals)
  return (
    <>
      <h2>
        <VisuallyHidden>Calls that wait for you</VisuallyHidden>
      </h2>
      {held.length === 0 ? (
        <EmptyState
          glyph="completed"
          title="Nothing waits for you"
          actions={<Button onClick={onRules}>See the rules</Button>}
        >
          A call that a rule holds back stands here with its exact arguments until you say yes or no.
        </EmptyState>
      ) : (
        <ul className={styles.list} aria-label="Waiting calls">
          {held.map((call) => (
            <HeldCard key={call.id} call={call} />
          ))}
        </ul>
      )}
    </>
  )
}
