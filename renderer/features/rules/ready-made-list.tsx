import { useLocation } from 'wouter'
import { useSnapshot } from '../../client/hooks.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { readyMade } from './ready-made.ts'
import styles from './ready-made-list.module.css'

/** Rules to begin with; one that is chosen is opened, not saved. */
export function ReadyMadeList() {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const [, go] = useLocation()
  return (
    <ul className={styles.list} aria-label="Ready-made rules">
      {readyMade(servers).map(({ id, glyph, rule }) => (
        <li key={id}>
          <button type="button" className={styles.card} onClick={() => go(`/rules/new?from=${id}`)}>
            <Glyph name={glyph} tone="soft" />
            <span className={styles.text}>
              <span className={styles.name}>{rule.name}</span>
              <span className={styles.about}>{rule.description}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
