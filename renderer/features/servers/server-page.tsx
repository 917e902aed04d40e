import { Link, useLocation } from 'wouter'
import type { Server } from '../../../shared/server.ts'
import { useServer } from '../../client/hooks.ts'
import { Page } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { NumberPlate } from '../../ui/number-plate.tsx'
import { StateCell } from '../../ui/state-cell.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { doctorHref, useViewState } from '../../view-state.ts'
import { LogPane } from '../logs/log-pane.tsx'
import { ConfigTab } from './config-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { ServerLever } from './server-lever.tsx'
import styles from './server-page.module.css'
import { ServerTasks } from './server-tasks.tsx'
import { ToolsTab } from './tools-tab.tsx'

type Tab = 'overview' | 'tools' | 'logs' | 'tasks' | 'config'

/** One server: how it stands, its tools, log, tasks and configuration. */
export function ServerPage({ id }: { id: string }) {
  const server = useServer(id)
  const [, go] = useLocation()
  if (server) return <KnownServer server={server} />
  return (
    <Page title={id} parent={<Link href="/servers">Servers</Link>}>
      <EmptyState
        glyph="servers"
        title={`No server is named ${id}`}
        actions={<Button onClick={() => go('/servers')}>Show all servers</Button>}
      >
        It was removed or renamed. Its tasks and its log are still on record.
      </EmptyState>
    </Page>
  )
}

function KnownServer({ server }: { server: Server }) {
  const [tab, setTab] = useViewState<Tab>('tab', 'overview')
  const { id } = server
  return (
    <Page
      title={id}
      parent={<Link href="/servers">Servers</Link>}
      facts={server.implementation && `${server.implementation.name} ${server.implementation.version}`}
    >
      <div className={styles.head}>
        <ServerLever server={server} describedBy="server-state" />
        <NumberPlate number={server.number} />
        <div className={styles.state}>
          <StateCell server={server} id="server-state" />
        </div>
        <HeadButtons server={server} />
      </div>
      <Tabs
        label={`Parts of ${id}`}
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'overview', label: 'Overview', panel: <OverviewTab server={server} /> },
          {
            value: 'tools',
            label: server.tools === null ? 'Tools' : `Tools ${server.tools}`,
            panel: <ToolsTab server={server} />,
          },
          { value: 'logs', label: 'Logs', panel: <LogPane server={id} /> },
          { value: 'tasks', label: 'Tasks', panel: <ServerTasks id={id} /> },
          { value: 'config', label: 'Config', panel: <ConfigTab id={id} /> },
        ]}
      />
    </Page>
  )
}

function HeadButtons({ server }: { server: Server }) {
  const [, go] = useLocation()
  return (
    <>
      {'failure' in server.detail && (
        <Button glyph="doctor" onClick={() => go(doctorHref(server.id))}>
          Ask the doctor
        </Button>
      )}
      <Button
        glyph="runner"
        disabled={server.tools === null || server.tools === 0}
        onClick={() => go(`/runner/${encodeURIComponent(server.id)}`)}
      >
        Try a tool
      </Button>
    </>
  )
}
