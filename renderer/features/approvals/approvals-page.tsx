import type { ReactNode } from 'react'
import type { Action } from '../../actions.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Page, Spring } from '../../shell/page.tsx'
import { usePageActions } from '../../shell/page-actions.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/segments.tsx'
import { useViewState } from '../../view-state.ts'
import styles from './approvals-page.module.css'
import { HeldList } from './held-list.tsx'
import { LimitsView } from './limits-view.tsx'
import { RecordView } from './record-view.tsx'
import { RulesView } from './rules-view.tsx'

type View = 'waiting' | 'rules' | 'limits' | 'record'

/** Calls that wait for a person, what makes them wait, and the limits that hold for all. */
export function ApprovalsPage() {
  const held = useSnapshot((snapshot) => snapshot.approvals)
  const [view, setView] = useViewState<View>('view', 'waiting')
  const [add, setAdd] = useViewState<'' | 'rule' | 'limit'>('add', '')
  const show = (next: View): void => {
    setAdd('')
    setView(next)
  }
  const views: Readonly<Record<View, () => ReactNode>> = {
    waiting: () => <HeldList onRules={() => show('rules')} />,
    rules: () => <RulesView isAdding={add === 'rule'} onAdd={(isOn) => setAdd(isOn ? 'rule' : '')} />,
    limits: () => <LimitsView isAdding={add === 'limit'} onAdd={(isOn) => setAdd(isOn ? 'limit' : '')} />,
    record: () => <RecordView />,
  }
  usePageActions([
    ...held.flatMap(({ id, tool, server }): Action[] => [
      {
        id: `allow:${id}`,
        title: `Allow ${tool} of ${server} once`,
        glyph: 'check',
        run: ({ client }) => client.approvals.decide({ id, verdict: 'allow' }),
      },
      {
        id: `deny:${id}`,
        title: `Deny ${tool} of ${server}`,
        glyph: 'x',
        run: ({ client }) => client.approvals.decide({ id, verdict: 'deny' }),
      },
    ]),
    { id: 'approvals:rules', title: 'Show the rules for approvals', glyph: 'filter', run: () => show('rules') },
    { id: 'approvals:limits', title: 'Show the limits', glyph: 'filter', run: () => show('limits') },
    { id: 'approvals:record', title: 'Show who said yes', glyph: 'tasks', run: () => show('record') },
  ])
  return (
    <Page
      title="Approvals"
      facts={held.length === 0 ? 'nothing waits' : `${held.length} ${held.length === 1 ? 'waits' : 'wait'} for you`}
      toolbar={
        <>
          <Segments
            label="What to show"
            value={view}
            onChange={show}
            segments={[
              { value: 'waiting', label: 'Waiting', count: held.length },
              { value: 'rules', label: 'Rules' },
              { value: 'limits', label: 'Limits' },
              { value: 'record', label: 'Record' },
            ]}
          />
          <Spring />
          {view === 'rules' && (
            <Button glyph="plus" onClick={() => setAdd('rule')}>
              New rule
            </Button>
          )}
          {view === 'limits' && (
            <Button glyph="plus" onClick={() => setAdd('limit')}>
              New limit
            </Button>
          )}
        </>
      }
    >
      <div className={styles.scroll}>{(views[view] ?? views.waiting)()}</div>
    </Page>
  )
}
