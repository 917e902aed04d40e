import type { Server } from '../../shared/server.ts'
import { Age, Countdown } from './age.tsx'
import { classNames } from './class-names.ts'
import styles from './state-cell.module.css'
import { StateGlyph } from './state-glyph.tsx'
import { stateLooks } from './state-look.ts'
import { Tooltip } from './tooltip.tsx'

/** Glyph, word, age, reason: the fact about a server, in fixed places. */
export function StateCell({ server, id }: { server: Server; id?: string }) {
  const look = stateLooks[server.state]
  const isNews = server.state !== 'ready'
  return (
    <span className={styles.cell} id={id}>
      <StateGlyph detail={server.detail} />
      <span className={classNames(styles.word, isNews && styles[look.tone])}>{look.word}</span>
      <span className={styles.age}>
        {server.detail.state === 'backing_off' ? <Countdown until={server.detail.until} /> : <Age at={server.since} />}
      </span>
      <Tooltip text={server.reason}>
        <span className={styles.reason}>{server.reason}</span>
      </Tooltip>
    </span>
  )
}

/** The header over state cells. */
export function StateCellHead() {
  return (
    <span className={styles.cell}>
      <span />
      <span>State</span>
      <span className={styles.age}>Age</span>
      <span>Reason</span>
    </span>
  )
}
