import { useSnapshot } from '../../client/hooks.ts'
import { Page } from '../../shell/page.tsx'
import { countOf } from '../../ui/format.ts'
import { AttentionList } from './attention-list.tsx'
import { DayTiles } from './day-tiles.tsx'
import styles from './home-page.module.css'
import { LoadPanel } from './load-panel.tsx'
import { TaskPanel } from './task-panel.tsx'

const mending = new Set(['starting', 'backing_off', 'stopping'])

/** What needs a person, what runs, and how the day went. */
export function HomePage() {
  const count = useSnapshot((snapshot) => snapshot.attention.length)
  return (
    <Page title="Home">
      <div className={styles.home}>
        <div className={styles.lead}>
          <h2 className={styles.headline}>
            {count === 0 ? 'Nothing needs you' : `${countOf(count, 'thing')} ${count === 1 ? 'needs' : 'need'} you`}
          </h2>
          <ServerFacts />
        </div>
        <AttentionList />
        <DayTiles />
        <div className={styles.two}>
          <div className={styles.tasks}>
            <TaskPanel kind="running" />
            <TaskPanel kind="recent" />
          </div>
          <LoadPanel />
        </div>
      </div>
    </Page>
  )
}

function ServerFacts() {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const ready = servers.filter((server) => server.state === 'ready').length
  const soon = servers.filter((server) => mending.has(server.state)).length
  return (
    <span className={styles.facts}>
      {ready} of {countOf(servers.length, 'server')} {ready === 1 ? 'is' : 'are'} ready
      {soon > 0 && `; ${soon} ${soon === 1 ? 'is' : 'are'} mending by ${soon === 1 ? 'itself' : 'themselves'}`}
    </span>
  )
}
