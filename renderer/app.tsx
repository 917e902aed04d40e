import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { lazy, Suspense } from 'react'
import { Redirect, Route, Router, Switch } from 'wouter'
import type { EngineClient } from './client/engine-client.ts'
import { EngineContext, useSnapshot } from './client/hooks.ts'
import { useEngineStore } from './client/store.ts'
import { ApiPage } from './features/api/api-page.tsx'
import { ApprovalsPage } from './features/approvals/approvals-page.tsx'
import { ClientsPage } from './features/clients/clients-page.tsx'
import { DoctorPage } from './features/doctor/doctor-page.tsx'
import { FirstRun } from './features/first-run/first-run.tsx'
import { HomePage } from './features/home/home-page.tsx'
import { LogsPage } from './features/logs/logs-page.tsx'
import { MetricsPage } from './features/metrics/metrics-page.tsx'
import { Palette } from './features/palette/palette.tsx'
import { RulesPage } from './features/rules/rules-page.tsx'
import { RunnerPage } from './features/runner/runner-page.tsx'
import { ServerPage } from './features/servers/server-page.tsx'
import { ServersPage } from './features/servers/servers-page.tsx'
import { SettingsPage } from './features/settings/settings-page.tsx'
import { TasksPage } from './features/tasks/tasks-page.tsx'
import { useHashPath, useHashSearch } from './hash-location.ts'
import { decodePart } from './hash-parts.ts'
import { Opening } from './shell/opening.tsx'
import { Shell } from './shell/shell.tsx'
import { LiveRegion } from './ui/live-region.tsx'
import { Sprite } from './ui/sprite.tsx'
import { ToastHost } from './ui/toast.tsx'

// What reads YAML comes with the first rule that is opened.
const RulePage = lazy(async () => ({ default: (await import('./features/rules/rule-page.tsx')).RulePage }))

/** The whole page over one engine. */
export function App({ client }: { client: EngineClient }) {
  return (
    <CSPProvider disableStyleElements>
      <EngineContext value={client}>
        <Router hook={useHashPath} searchHook={useHashSearch} hrefs={useHashPath.hrefs}>
          <Tooltip.Provider delay={400}>
            <Sprite />
            <Pages />
            <ToastHost />
            <LiveRegion />
          </Tooltip.Provider>
        </Router>
      </EngineContext>
    </CSPProvider>
  )
}

function Pages() {
  const hasSnapshot = useEngineStore((state) => state.snapshot !== null)
  if (!hasSnapshot) return <Opening />
  return (
    <>
      <Switch>
        <Route path="/import">
          <FirstRun />
        </Route>
        <Route>
          <ShellPages />
        </Route>
      </Switch>
      <Palette />
    </>
  )
}

function ShellPages() {
  const hasServers = useSnapshot((snapshot) => snapshot.servers.length > 0)
  return (
    <Shell>
      <Switch>
        <Route path="/">{hasServers ? <HomePage /> : <Redirect to="/import" replace />}</Route>
        <Route path="/servers" component={ServersPage} />
        <Route path="/servers/:id">{({ id }) => <ServerPage key={id} id={decodePart(id)} />}</Route>
        <Route path="/runner/:server?/:tool?">
          {({ server, tool }) => <RunnerPage server={decode(server)} tool={decode(tool)} />}
        </Route>
        <Route path="/tasks/:id?">{({ id }) => <TasksPage taskId={id ?? null} />}</Route>
        <Route path="/logs" component={LogsPage} />
        <Route path="/api/:operation?">{({ operation }) => <ApiPage operationId={operation ?? null} />}</Route>
        <Route path="/settings" component={SettingsPage} />
        <Route path="/clients" component={ClientsPage} />
        <Route path="/metrics" component={MetricsPage} />
        <Route path="/doctor" component={DoctorPage} />
        <Route path="/approvals" component={ApprovalsPage} />
        <Route path="/rules" component={RulesPage} />
        <Route path="/rules/:id">
          {({ id }) => (
            <Suspense fallback={null}>
              <RulePage key={id} id={id} />
            </Suspense>
          )}
        </Route>
        <Route>
          <Redirect to="/" replace />
        </Route>
      </Switch>
    </Shell>
  )
}

function decode(part: string | undefined): string | null {
  return part === undefined ? null : decodePart(part)
}
