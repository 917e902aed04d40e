import type { ReactNode } from 'react'
import type { Action } from '../../actions.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Page, Spring } from '../../shell/page.tsx'
import { usePageActions } from '../../shell/page-actions.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useViewState } from '../../view-state.ts'
import { ClientCards } from './client-cards.tsx'
import styles from './clients-page.module.css'
import { ContextView } from './context-view.tsx'
import { ExplainDialog } from './explain-dialog.tsx'
import { IssueDialog } from './issue-dialog.tsx'
import { ProfilesView } from './profiles-view.tsx'

type View = 'clients' | 'profiles' | 'context'

/** Who calls the gateway, what each reaches, and what the tools cost them. */
export function ClientsPage() {
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const [view, setView] = useViewState<View>('view', 'clients')
  const [why, setWhy] = useViewState('why', '')
  const [add, setAdd] = useViewState<'' | 'client' | 'profile'>('add', '')
  const views: Readonly<Record<View, () => ReactNode>> = {
    clients: () => <ClientCards onIssue={() => setAdd('client')} onWhy={setWhy} />,
    profiles: () => <ProfilesView isAdding={add === 'profile'} onAdd={(isOn) => setAdd(isOn ? 'profile' : '')} />,
    context: () => <ContextView />,
  }
  usePageActions([
    ...clients
      .filter(({ revoked_at }) => revoked_at === null)
      .map(
        ({ id, name }): Action => ({
          id: `why:${id}`,
          title: `Why is a tool missing in ${name}?`,
          glyph: 'search',
          run: () => setWhy(id),
        }),
      ),
    { id: 'clients:profiles', title: 'Show the profiles', glyph: 'filter', run: () => setView('profiles') },
    { id: 'clients:context', title: 'Show the context budget', glyph: 'clients', run: () => setView('context') },
  ])
  const asked = clients.find(({ id }) => id === why)
  return (
    <Page
      title="Clients"
      facts={`${clients.filter(({ seen, revoked_at }) => seen !== null && revoked_at === null).length} of ${clients.length} seen`}
      toolbar={
        <>
          <Segments
            label="What to show"
            value={view}
            onChange={setView}
            segments={[
              { value: 'clients', label: 'Clients', count: clients.length },
              { value: 'profiles', label: 'Profiles', count: profiles.length },
              { value: 'context', label: 'Context budget' },
            ]}
          />
          <Spring />
          {view === 'profiles' ? (
            <Button glyph="plus" onClick={() => setAdd('profile')}>
              New profile
            </Button>
          ) : (
            <Button glyph="key" onClick={() => setAdd('client')}>
              Issue a token
            </Button>
          )}
        </>
      }
    >
      <div className={styles.scroll}>{(views[view] ?? views.clients)()}</div>
      {add === 'client' && <IssueDialog onClose={() => setAdd('')} />}
      {asked && <ExplainDialog client={asked} onClose={() => setWhy('')} />}
    </Page>
  )
}
