import { Link, useLocation } from 'wouter'
import type { AttentionItem } from '../../../shared/snapshot.ts'
import { useCommand, useServer, useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { Glyph, type GlyphName, type Tone } from '../../ui/glyph.tsx'
import { StateGlyph } from '../../ui/state-glyph.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { doAttentionAction } from './attention-action.ts'
import styles from './attention-list.module.css'

/** What needs a person, worst first, each with its one action. */
export function AttentionList() {
  const items = useSnapshot((snapshot) => snapshot.attention)
  if (items.length === 0) return <Calm />
  return (
    <ul className={styles.list} aria-label="What needs you">
      {items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </ul>
  )
}

function Item({ item }: { item: AttentionItem }) {
  const command = useCommand()
  const [, go] = useLocation()
  return (
    <li className={styles.item}>
      <ItemGlyph item={item} />
      <span className={styles.who}>{item.server ?? 'Signalbox'}</span>
      <Tooltip text={`${item.title} ${item.message}`}>
        <span className={styles.what}>
          <b className={styles.title}>{item.title}</b> <span className={styles.message}>{item.message}</span>
        </span>
      </Tooltip>
      <span className={styles.since}>
        <Age at={item.since} />
      </span>
      <Button
        busy={command.isBusy}
        className={styles.action}
        onClick={() => void command.run((client) => doAttentionAction(item, { client, go }))}
      >
        {item.action.label}
      </Button>
    </li>
  )
}

const severityLooks: Readonly<Record<AttentionItem['severity'], { glyph: GlyphName; tone: Tone }>> = {
  danger: { glyph: 'failed', tone: 'danger' },
  caution: { glyph: 'level-warn', tone: 'caution' },
  attention: { glyph: 'attention', tone: 'attention' },
}

function ItemGlyph({ item }: { item: AttentionItem }) {
  const server = useServer(item.server ?? '')
  if (server && item.state === server.state) return <StateGlyph detail={server.detail} />
  const look = severityLooks[item.severity]
  return <Glyph name={look.glyph} tone={look.tone} />
}

function Calm() {
  const isAnyOn = useSnapshot((snapshot) => snapshot.servers.some((server) => server.wished))
  if (!isAnyOn) {
    return (
      <div className={styles.calm}>
        <Glyph name="stopped" tone="stopped" />
        <span>
          Every server is off. <Link href="/servers">Throw a lever</Link> to start one.
        </span>
      </div>
    )
  }
  return (
    <div className={styles.calm}>
      <Glyph name="ready" tone="ready" />
      <span>Every server that should run does, and nobody waits for an answer of yours.</span>
    </div>
  )
}
