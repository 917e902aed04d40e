import { useState } from 'react'
import type { CallPattern, Limit } from '../../../shared/limits.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { TextField } from '../../ui/text-field.tsx'
import styles from './form.module.css'
import { draftOf, limitFields, readDraft } from './limit-draft.ts'
import { PatternFields } from './pattern-fields.tsx'

interface LimitDialogProps {
  /** Null: a new one. */
  limit: Limit | null
  isBusy: boolean
  onSave: (limit: Limit) => void
  onClose: () => void
}

const groups = [
  { group: 'concurrency', title: 'At one time', help: 'More wait for their turn; more than that are refused.' },
  { group: 'rate', title: 'Rate', help: 'A call too many waits so long, else it is refused.' },
  { group: 'time', title: 'Time', help: 'Then the call is given up.' },
  { group: 'retries', title: 'Tried again', help: 'Where a tool says that it only reads or is idempotent.' },
  { group: 'circuit', title: 'Kept away', help: 'From a server, after failures of its connection in a row.' },
  { group: 'result', title: 'Results', help: 'Larger ones are kept here, with a preview handed on.' },
] as const

/** Sets a limit, or changes one. A field that is empty says nothing. */
export function LimitDialog({ limit, isBusy, onSave, onClose }: LimitDialogProps) {
  const [pattern, setPattern] = useState<CallPattern>(limit ?? { client: '*', server: '*', tool: '*' })
  const [id] = useState(() => limit?.id ?? crypto.randomUUID())
  const [draft, setDraft] = useState(() => draftOf(limit))
  const { client, server, tool } = pattern
  const read = readDraft(draft, { id, client, server, tool }, limit)
  return (
    <Dialog
      open
      width={640}
      title={limit === null ? 'New limit' : 'Limit'}
      description="What it matches is counted together. A field that is empty bounds nothing."
      onClose={onClose}
      footer={
        <DialogActions
          verb="Save"
          busy={isBusy}
          disabled={!('limit' in read)}
          onDo={() => 'limit' in read && onSave(read.limit)}
          onCancel={onClose}
        />
      }
    >
      <div className={styles.form}>
        <PatternFields value={pattern} everyone="Anybody" onChange={setPattern} />
        {groups.map(({ group, title, help }) => (
          <section key={group} className={styles.group} aria-label={title}>
            <div>
              <div className={styles.label}>{title}</div>
              <div className={styles.help}>{help}</div>
            </div>
            <div className={styles.numbers}>
              {limitFields
                .filter((field) => field.group === group)
                .map((field) => (
                  <TextField
                    key={field.key}
                    label={field.label}
                    note={'unit' in field ? field.unit : undefined}
                    inputMode="numeric"
                    value={draft[field.key]}
                    error={'wrong' in read && read.wrong === field.key ? 'A whole number in bounds' : null}
                    onChange={(text) => setDraft({ ...draft, [field.key]: text })}
                  />
                ))}
            </div>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
