import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { NewRule, RuleView } from '../../../shared/rule.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { Page } from '../../shell/page.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Lever } from '../../ui/lever.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { RemoveDialog } from '../../ui/remove-dialog.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useViewState } from '../../view-state.ts'
import { blankRule, readyMade } from './ready-made.ts'
import { RuleEditor } from './rule-editor.tsx'
import styles from './rule-page.module.css'
import { triggerWords } from './rule-words.ts'
import { RunsView } from './runs-view.tsx'
import { useRuleDraft } from './use-rule-draft.ts'

const up = <Link href="/rules">Rules</Link>

/** One rule, or a new one: how it is written, what it would do, what it did. */
export function RulePage({ id }: { id: string }) {
  const rule = useSnapshot((snapshot) => snapshot.rules.find((one) => one.id === id))
  const [, go] = useLocation()
  if (id === 'new') return <NewRulePage />
  if (rule) return <KnownRule rule={rule} />
  return (
    <Page title="No such rule" parent={up}>
      <EmptyState
        glyph="rules"
        title="This rule is gone"
        actions={<Button onClick={() => go('/rules')}>Show all rules</Button>}
      >
        Its runs are still on record.
      </EmptyState>
    </Page>
  )
}

function NewRulePage() {
  const [from] = useViewState('from', '')
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const [, go] = useLocation()
  const [start] = useState(() => writtenRule(readyMade(servers).find(({ id }) => id === from)?.rule ?? blankRule))
  const draft = useRuleDraft(start)
  return (
    <Page title="New rule" parent={up} facts="not saved yet">
      <RuleEditor rule={null} draft={draft} onSaved={({ id }) => go(`/rules/${id}`)} />
    </Page>
  )
}

function KnownRule({ rule }: { rule: RuleView }) {
  const [tab, setTab] = useViewState<'rule' | 'runs'>('tab', 'rule')
  const draft = useRuleDraft(writtenRule(rule))
  const command = useCommand()
  return (
    <Page title={rule.name} parent={up}>
      <div className={styles.head}>
        <Lever
          label={`${rule.name}: on`}
          wished={rule.enabled}
          proved={rule.problem === null}
          onThrow={(enabled) => void command.run((engine) => engine.rules.enable({ id: rule.id, enabled }))}
        />
        <span className={styles.state}>
          {stateWords(rule)}
          <span className={styles.when}>when {triggerWords(rule.trigger)}</span>
        </span>
        <MoreMenu rule={rule} />
      </div>
      {rule.problem !== null && rule.enabled && (
        <Banner severity="danger" title={rule.problem.message}>
          {rule.problem.hint}
        </Banner>
      )}
      <Tabs
        label={`Parts of ${rule.name}`}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'rule',
            label: draft.isChanged ? 'Rule, not saved' : 'Rule',
            panel: <RuleEditor rule={rule} draft={draft} onSaved={() => {}} />,
          },
          { value: 'runs', label: 'Runs', panel: <RunsView rule={rule.id} /> },
        ]}
      />
    </Page>
  )
}

function stateWords({ enabled, problem, running, waiting, unmet }: RuleView): string {
  const state = enabled ? (problem === null ? 'On' : 'On, but it cannot act') : 'Off'
  const now = running + waiting === 0 ? '' : `; ${running} running, ${waiting} waiting`
  const away = unmet === 0 ? '' : `; its conditions turned ${unmet} ${unmet === 1 ? 'event' : 'events'} away`
  return `${state}${now}${away}`
}

function MoreMenu({ rule }: { rule: RuleView }) {
  const [isRemoving, setRemoving] = useState(false)
  const command = useCommand()
  const [, go] = useLocation()
  async function remove(): Promise<void> {
    if (await command.run((engine) => engine.rules.remove({ id: rule.id }))) go('/rules')
  }
  return (
    <>
      <Menu trigger={<IconButton glyph="more" label="More" />}>
        <MenuItem glyph="x" onSelect={() => setRemoving(true)}>
          Remove this rule
        </MenuItem>
      </Menu>
      <RemoveDialog
        open={isRemoving}
        title={`Remove ${rule.name}?`}
        description="It fires no more. Its runs and their tasks stay on record."
        busy={command.isBusy}
        onRemove={() => void remove()}
        onClose={() => setRemoving(false)}
      />
    </>
  )
}

/** A rule as a person writes it: whether it is on is the lever's. */
function writtenRule(rule: NewRule): Omit<NewRule, 'enabled'> {
  const { name, description, trigger, conditions, steps, on_failure, limits } = rule
  return { name, description, trigger, conditions, steps, on_failure, limits }
}
