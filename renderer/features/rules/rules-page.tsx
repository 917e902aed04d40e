import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useSnapshot } from '../../client/hooks.ts'
import { Page, Spring } from '../../shell/page.tsx'
import { usePageActions } from '../../shell/page-actions.ts'
import { Button } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { Segments } from '../../ui/segments.tsx'
import { useViewState } from '../../view-state.ts'
import { MissedDialog } from './missed-dialog.tsx'
import { RulesList } from './rules-list.tsx'
import styles from './rules-page.module.css'
import { RunsView } from './runs-view.tsx'
import { WebhooksView } from './webhooks-view.tsx'

type View = 'rules' | 'runs' | 'webhooks'

/** What happens by itself when something happened, what came of it, and what came in from outside. */
export function RulesPage() {
  const rules = useSnapshot((snapshot) => snapshot.rules)
  const sources = useSnapshot((snapshot) => snapshot.webhook_sources)
  const [view, setView] = useViewState<View>('view', 'rules')
  const [add, setAdd] = useViewState<'' | 'source'>('add', '')
  const [ask, setAsk] = useViewState<'' | 'missed'>('ask', '')
  const isOfGitHub = sources.some(({ signing }) => signing.kind === 'github')
  const [, go] = useLocation()
  const on = rules.filter(({ enabled }) => enabled).length
  const askGitHub = (): void => {
    setView('webhooks')
    setAsk('missed')
  }
  const views: Readonly<Record<View, () => ReactNode>> = {
    rules: () => <RulesList />,
    runs: () => <RunsView rule={null} />,
    webhooks: () => (
      <>
        <WebhooksView isAdding={add === 'source'} onAdd={(isOn) => setAdd(isOn ? 'source' : '')} />
        {ask === 'missed' && <MissedDialog onClose={() => setAsk('')} />}
      </>
    ),
  }
  usePageActions([
    { id: 'rules:runs', title: 'Show the runs of all rules', glyph: 'tasks', run: () => setView('runs') },
    { id: 'rules:webhooks', title: 'Show the webhooks that came', glyph: 'down', run: () => setView('webhooks') },
    ...(isOfGitHub
      ? [{ id: 'rules:missed', title: 'Ask GitHub what did not come', glyph: 'search', run: askGitHub } as const]
      : []),
  ])
  return (
    <Page
      title="Rules"
      facts={rules.length === 0 ? 'none' : `${on} of ${countOf(rules.length, 'rule')} on`}
      toolbar={
        <>
          <Segments
            label="What to show"
            value={view}
            onChange={setView}
            segments={[
              { value: 'rules', label: 'Rules', count: rules.length },
              { value: 'runs', label: 'Runs' },
              { value: 'webhooks', label: 'Webhooks', count: sources.length },
            ]}
          />
          <Spring />
          {view === 'rules' && (
            <Button glyph="plus" onClick={() => go('/rules/new')}>
              New rule
            </Button>
          )}
          {view === 'webhooks' && isOfGitHub && <Button onClick={askGitHub}>What did not come…</Button>}
          {view === 'webhooks' && (
            <Button glyph="plus" onClick={() => setAdd('source')}>
              Let somebody send
            </Button>
          )}
        </>
      }
    >
      <div className={styles.view}>{(views[view] ?? views.rules)()}</div>
    </Page>
  )
}
