import { useState } from 'react'
import type { CheckResult } from '../../../shared/doctor-contract.ts'
import { useCommand } from '../../client/hooks.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DialogActions } from '../../ui/dialog-actions.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { announceToast } from '../../ui/toast.tsx'
import { FileDiff } from '../clients/file-diff.tsx'
import styles from './fix-dialog.module.css'

interface FixDialogProps {
  check: CheckResult
  onClose: () => void
  onFixed: () => void
}

/** All that a fix would change, before anything does. */
export function FixDialog({ check: { fix, message }, onClose, onFixed }: FixDialogProps) {
  const command = useCommand()
  const [value, setValue] = useState('')
  if (fix === null) return null
  const { id, title, changes, asks_for } = fix
  async function apply(): Promise<void> {
    const answer = await command.run((engine) => engine.doctor.fix({ fix: id, ...(asks_for !== null && { value }) }))
    if (answer) announceToast({ title: 'Mended', message: answer.done })
    // Refused or not, what was found before is old by now.
    onFixed()
    onClose()
  }
  return (
    <Dialog
      open
      width={680}
      title={title}
      description={message}
      onClose={onClose}
      footer={
        <DialogActions
          verb="Apply"
          busy={command.isBusy}
          disabled={asks_for !== null && value === ''}
          onDo={() => void apply()}
          onCancel={onClose}
        />
      }
    >
      {asks_for !== null && (
        <TextField
          label={asks_for.label}
          help="Goes into the vault; it stands in no file."
          type="password"
          autoComplete="off"
          mono
          value={value}
          onChange={setValue}
        />
      )}
      <ol className={styles.changes} aria-label="What the fix changes">
        {changes.map(({ what, path, hunks }) => (
          <li key={`${what} ${path}`} className={styles.change}>
            <span>{what}</span>
            {path !== null && <code className={styles.path}>{path}</code>}
            {hunks.length > 0 && <FileDiff hunks={hunks} />}
          </li>
        ))}
      </ol>
    </Dialog>
  )
}
