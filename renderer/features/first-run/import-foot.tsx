import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Server } from '../../../shared/server.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Glyph, type GlyphName, type Tone } from '../../ui/glyph.tsx'
import { needsPerson } from '../../ui/state-look.ts'
import styles from './import-foot.module.css'
import type { ImportDesk } from './use-import.ts'

/** The foot of the import: how many are ticked, then how they fare; and the one way on. */
export function ImportFoot({ desk }: { desk: ImportDesk }) {
  const [, go] = useLocation()
  const total = desk.candidates.length
  const ticked = desk.candidates.filter(desk.isTicked).length
  if (desk.imported === null) {
    return (
      <Foot
        text={`${ticked} of ${total} ticked`}
        action={
          <Button variant="primary" busy={desk.isBusy} disabled={ticked === 0} onClick={() => void desk.importTicked()}>
            Import and start
          </Button>
        }
      />
    )
  }
  return (
    <Foot
      text={`${desk.imported.size} of ${total} imported`}
      counts={<Counts ids={new Set(desk.imported.values())} />}
      action={
        <>
          <Button variant="quiet" busy={desk.isBusy} onClick={() => void desk.undoImport()}>
            Undo import
          </Button>
          <Button variant="primary" onClick={() => go('/servers')}>
            Go to Servers
          </Button>
        </>
      }
    />
  )
}

function Foot({ text, counts, action }: { text: string; counts?: ReactNode; action: ReactNode }) {
  return (
    <section className={styles.foot} data-page-foot="" aria-label="Import">
      <b className={styles.text}>{text}</b>
      {counts}
      <span className={styles.spring} />
      {action}
    </section>
  )
}

const groups: readonly { one: string; name: string; glyph: GlyphName; tone: Tone; has: (server: Server) => boolean }[] =
  [
    {
      one: 'ready',
      name: 'ready',
      glyph: 'ready',
      tone: 'ready',
      has: ({ state }) => state === 'ready' || state === 'degraded',
    },
    {
      one: 'starting',
      name: 'starting',
      glyph: 'starting-3',
      tone: 'starting',
      has: ({ state }) => state === 'starting' || state === 'backing_off',
    },
    {
      one: 'needs you',
      name: 'need you',
      glyph: 'attention',
      tone: 'attention',
      has: ({ state }) => needsPerson(state),
    },
    { one: 'waits', name: 'wait', glyph: 'starting-0', tone: 'quiet', has: ({ state }) => state === 'stopped' },
  ]

function Counts({ ids }: { ids: ReadonlySet<string> }) {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  return groups.map((group) => {
    const count = servers.filter((server) => ids.has(server.id) && group.has(server)).length
    if (count === 0) return null
    return (
      <span key={group.name} className={styles.count}>
        <Glyph name={group.glyph} tone={group.tone} size={14} />
        {count} {count === 1 ? group.one : group.name}
      </span>
    )
  })
}
