import { useState } from 'react'
import type { CallPattern, Limit } from '../../../shared/limits.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
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
  { group: 'concurrency', title: 'At one time' },
  { group: 'rate', title: 'Rate' },
  { group: 'time', title: 'Time' },
  { group: 'retries', title: 'Tried again, where a tool says that it only reads or is idempotent' },
  { group: 'circuit', title: 'Kept away from a server whose connection fails' },
  { group: 'result', title: 'Results, kept here when larger' },
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
      width={560}
      title={limit === null ? 'New limit' : 'Limit'}
      description="What it matches is counted together. A field that is empty bounds nothing."
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            busy={isBusy}
            disabled={!('limit' in read)}
            onClick={() => 'limit' in read && onSave(read.limit)}
          >
            Save
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <PatternFields value={pattern} everyone="Anybody" onChange={setPattern} />
        {groups.map(({ group, title }) => (
          <fieldset key={group} className={styles.group}>
            <legend className={styles.label}>{title}</legend>
            <div className={styles.numbers}>
              {limitFields
                .filter((field) => field.group === group)
                .map(({ key, label }) => (
                  <TextField
                    key={key}
                    label={label}
                    inputMode="numeric"
                    value={draft[key]}
                    error={'wrong' in read && read.wrong === key ? 'A whole number in bounds' : null}
                    onChange={(text) => setDraft({ ...draft, [key]: text })}
                  />
                ))}
            </div>
          </fieldset>
        ))}
      </div>
    </Dialog>
  )
}
