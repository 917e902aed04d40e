import { useSnapshot } from '../../client/hooks.ts'
import { Page } from '../../shell/page.tsx'
import { countOf } from '../../ui/format.ts'
import { LogView } from './log-view.tsx'
import { useLogView } from './use-log-view.ts'

/** The log of all servers in one live list. */
export function LogsPage() {
  const servers = useSnapshot((snapshot) => snapshot.servers.length)
  return (
    <Page title="Logs" facts={`${countOf(servers, 'server')} in one list`}>
      <LogView view={useLogView(null)} />
    </Page>
  )
}
