import { useState } from 'react'
import { type ApprovalRule, approvalRuleSchema } from '../../../shared/approvals.ts'
import { useCall, useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Lever } from '../../ui/lever.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ruleText } from './pattern-text.ts'
import { RememberedList } from './remembered-list.tsx'
import styles from './rows.module.css'
import { RuleDialog } from './rule-dialog.tsx'

interface RulesViewProps {
  isAdding: boolean
  onAdd: (isOn: boolean) => void
}

/** Which calls ask, and the answers that hold for later ones. */
export function RulesView({ isAdding, onAdd }: RulesViewProps) {
  const [edited, setEdited] = useState<ApprovalRule | null>(null)
  const answer = useCall('rules', (engine, signal) => engine.approvals.rules(undefined, { signal }))
  const command = useCommand()
  const save = async (rule: ApprovalRule): Promise<void> => {
    if ((await command.run((engine) => engine.approvals.saveRule(rule))) === undefined) return
    setEdited(null)
    onAdd(false)
    answer.reload()
  }
  const remove = async ({ id }: ApprovalRule): Promise<void> => {
    await command.run((engine) => engine.approvals.removeRule({ id }))
    answer.reload()
  }
  if (answer.kind === 'failed') return <FailedState failure={answer.failure} onRetry={answer.reload} />
  if (answer.kind === 'loading') return null
  const { items } = answer.data
  return (
    <div className={styles.column}>
      <Panel title="Rules" level={2} note="the most exact one that matches decides">
        {items.length === 0 ? (
          <EmptyState
            title="No call asks you first"
            actions={
              <>
                <Button variant="primary" busy={command.isBusy} onClick={() => void save(destructiveAsk())}>
                  Destructive tools ask
                </Button>
                <Button onClick={() => onAdd(true)}>Another rule</Button>
              </>
            }
          >
            A rule holds the calls that it matches until you say yes or no. What you run yourself in the page or the
            terminal is never held.
          </EmptyState>
        ) : (
          <ul aria-label="Rules">
            {items.map((rule) => (
              <li key={rule.id} className={styles.row} aria-label={rule.name}>
                <Lever
                  label={`${rule.name}: in force`}
                  wished={rule.is_on}
                  proved
                  onThrow={(is_on) => void save({ ...rule, is_on })}
                />
                <div className={styles.what}>
                  <span className={styles.name}>{rule.name}</span>
                  <span className={styles.note}>{ruleText(rule)}</span>
                </div>
                <Button size="small" variant="quiet" onClick={() => setEdited(rule)}>
                  Edit
                </Button>
                <IconButton glyph="x" size="small" label={`Remove ${rule.name}`} onClick={() => void remove(rule)} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <RememberedList />
      {(isAdding || edited !== null) && (
        <RuleDialog
          rule={edited}
          isBusy={command.isBusy}
          onSave={(rule) => void save(rule)}
          onClose={() => {
            setEdited(null)
            onAdd(false)
          }}
        />
      )}
    </div>
  )
}

function destructiveAsk(): ApprovalRule {
  return approvalRuleSchema.parse({ id: crypto.randomUUID(), name: 'Destructive tools ask', hint: 'destructive' })
}
