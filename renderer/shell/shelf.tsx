import { Link, useLocation } from 'wouter'
import type { Server } from '../../shared/server.ts'
import { useSnapshot } from '../client/hooks.ts'
import { classNames } from '../ui/class-names.ts'
import { useClock } from '../ui/clock.ts'
import { spellAge } from '../ui/format.ts'
import { StateGlyph } from '../ui/state-glyph.tsx'
import { stateLooks } from '../ui/state-look.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { serverHref } from '../view-state.ts'
import styles from './shelf.module.css'

/** Every server's signal, on every page. Narrow windows keep only those not at rest or ready. */
export function Shelf() {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const [location] = useLocation()
  if (servers.length === 0) return null
  return (
    <nav className={styles.shelf} aria-label="Signals of all servers">
      {servers.map((server) => (
        <Signal key={server.id} server={server} isCurrent={location === serverHref(server.id)} />
      ))}
    </nav>
  )
}

function Signal({ server, isCurrent }: { server: Server; isCurrent: boolean }) {
  const age = useClock((now) => spellAge(now - Date.parse(server.since)))
  const label = `${server.id}: ${stateLooks[server.state].word.toLowerCase()} for ${age}, No. ${server.number}`
  const isCalm = server.state === 'ready' || server.state === 'stopped' || server.state === 'asleep'
  return (
    <Tooltip text={label}>
      <Link
        href={serverHref(server.id)}
        aria-label={label}
        aria-current={isCurrent ? 'page' : undefined}
        className={classNames(styles.signal, isCalm && styles.calm)}
      >
        <StateGlyph detail={server.detail} size={14} />
        <span className={styles.number}>{server.number}</span>
      </Link>
    </Tooltip>
  )
}
