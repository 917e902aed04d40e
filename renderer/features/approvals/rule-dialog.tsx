import { useState } from 'react'
import { type ApprovalRule, approvalRuleSchema, toolHints } from '../../../shared/approvals.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './form.module.css'
import { hintLabels } from './hint-labels.ts'
import { PatternFields } from './pattern-fields.tsx'

interface RuleDialogProps {
  /** Null: a new one. */
  rule: ApprovalRule | null
  isBusy: boolean
  onSave: (rule: ApprovalRule) => void
  onClose: () => void
}

/** Makes a rule, or changes one. */
export function RuleDialog({ rule, isBusy, onSave, onClose }: RuleDialogProps) {
  const [draft, setDraft] = useState(
    () => rule ?? { ...approvalRuleSchema.parse({ id: crypto.randomUUID(), name: 'x' }), name: '' },
  )
  const [minutes, setMinutes] = useState(String(draft.timeout_s / 60))
  const read = approvalRuleSchema.safeParse({ ...draft, timeout_s: Math.round(Number(minutes) * 60) })
  const isTimeWrong = !read.success && read.error.issues.some(({ path }) => path[0] === 'timeout_s')
  return (
    <Dialog
      open
      title={rule === null ? 'New rule' : `Rule: ${rule.name}`}
      description="Calls that it matches wait for your yes or no."
      onClose={onClose}
      footer={
        <DialogActions
          verb="Save"
          busy={isBusy}
          disabled={!read.success}
          onDo={() => read.success && onSave(read.data)}
          onCancel={onClose}
        />
      }
    >
      <div className={styles.form}>
        <TextField
          label="Name"
          value={draft.name}
          placeholder="Destructive tools ask"
          onChange={(name) => setDraft({ ...draft, name })}
        />
        <div className={styles.field}>
          <span className={styles.label}>Which tools</span>
          <Select
            label="Which tools"
            value={draft.hint}
            options={toolHints.map((hint) => ({ value: hint, label: hintLabels[hint] }))}
            onChange={(hint) => setDraft({ ...draft, hint })}
          />
        </div>
        <PatternFields value={draft} everyone="Every client" onChange={(value) => setDraft({ ...draft, ...value })} />
        <TextField
          label="Given up after"
          note="minutes"
          value={minutes}
          error={isTimeWrong ? 'From 5 seconds to a day, in minutes' : null}
          onChange={setMinutes}
        />
      </div>
    </Dialog>
  )
}
